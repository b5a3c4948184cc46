import JSONModel
import KubeModel
import Testing

@testable import KubeClient

@Suite struct KubeRequestTests {
    static let deployments = Resource(group: "apps", version: "v1", kind: "Deployment", plural: "deployments")
    static let images = Resource(
        group: "martlet.dev", version: "v1alpha1", kind: "HostImage", plural: "hostimages", isNamespaced: false)
    static let web = ObjectKey(namespace: "default", name: "web")

    struct Expectation: Sendable, CustomTestStringConvertible {
        var request: KubeRequest
        var line: String
        var contentType: String?
        var body: String?

        init(_ request: KubeRequest, _ line: String, _ contentType: String? = nil, _ body: String? = nil) {
            self.request = request
            self.line = line
            self.contentType = contentType
            self.body = body
        }

        var testDescription: String { line }
    }

    static let reads: [Expectation] = [
        .init(.get(deployments, web), "GET /apis/apps/v1/namespaces/default/deployments/web"),
        .init(
            .get(images, ObjectKey(name: "img")), "GET /apis/martlet.dev/v1alpha1/hostimages/img"),
        .init(
            .list(deployments, namespace: nil, ListOptions()), "GET /apis/apps/v1/deployments"),
        .init(
            .list(
                deployments, namespace: "a",
                ListOptions(
                    labelSelector: LabelSelector(matching: ["app": "web"]), fieldSelector: "metadata.name=x", limit: 5,
                    continueToken: "t/=", resourceVersion: "7", resourceVersionMatch: "NotOlderThan")),
            "GET /apis/apps/v1/namespaces/a/deployments?labelSelector=app%3Dweb&fieldSelector=metadata.name%3Dx&limit=5"
                + "&continue=t%2F%3D&resourceVersion=7&resourceVersionMatch=NotOlderThan"),
        .init(
            .watch(deployments, namespace: "a", WatchOptions()), "GET /apis/apps/v1/namespaces/a/deployments?watch=true"
        ),
        .init(
            .watch(
                deployments, namespace: nil,
                WatchOptions(resourceVersion: "9", allowsBookmarks: true, timeout: .seconds(30))),
            "GET /apis/apps/v1/deployments?watch=true&resourceVersion=9&allowWatchBookmarks=true&timeoutSeconds=30"),
        .init(
            .logs(web, PodLogOptions(container: "c", follows: true, isPrevious: true, tailLines: 0)),
            "GET /api/v1/namespaces/default/pods/web/log?container=c&follow=true&previous=true&tailLines=0"),
        .init(
            .logs(web, PodLogOptions(hasTimestamps: true, sinceSeconds: 3, limitBytes: 4)),
            "GET /api/v1/namespaces/default/pods/web/log?timestamps=true&sinceSeconds=3&limitBytes=4"),
    ]

    static let object = Object(["metadata": ["name": "web", "namespace": "default"]])

    static let writes: [Expectation] = [
        .init(
            .create(deployments, object, WriteOptions(fieldManager: "me", isDryRun: true, fieldValidation: "Strict")),
            "POST /apis/apps/v1/namespaces/default/deployments?fieldManager=me&dryRun=All&fieldValidation=Strict",
            "application/json", object.json.text),
        .init(
            .replace(deployments, object, subresource: "status", WriteOptions()),
            "PUT /apis/apps/v1/namespaces/default/deployments/web/status", "application/json", object.json.text),
        .init(
            .patch(deployments, web, .json([["op": "remove", "path": "/a"]]), subresource: nil, WriteOptions()),
            "PATCH /apis/apps/v1/namespaces/default/deployments/web", "application/json-patch+json",
            #"[{"op":"remove","path":"/a"}]"#),
        .init(
            .patch(deployments, web, .merge(["a": .null]), subresource: "scale", WriteOptions()),
            "PATCH /apis/apps/v1/namespaces/default/deployments/web/scale", "application/merge-patch+json",
            #"{"a":null}"#),
        .init(
            .patch(deployments, web, .strategicMerge(["a": 1]), subresource: nil, WriteOptions()),
            "PATCH /apis/apps/v1/namespaces/default/deployments/web", "application/strategic-merge-patch+json",
            #"{"a":1}"#),
        .init(
            .patch(
                deployments, web, .apply(["a": 1], force: true), subresource: nil, WriteOptions(fieldManager: "me")),
            "PATCH /apis/apps/v1/namespaces/default/deployments/web?fieldManager=me&force=true",
            "application/apply-patch+yaml", #"{"a":1}"#),
        .init(
            .delete(deployments, web, DeleteOptions()), "DELETE /apis/apps/v1/namespaces/default/deployments/web",
            "application/json", #"{"apiVersion":"v1","kind":"DeleteOptions"}"#),
        .init(
            .delete(
                deployments, web,
                DeleteOptions(
                    propagationPolicy: "Foreground", gracePeriodSeconds: 0, preconditionUID: "u",
                    preconditionResourceVersion: "8", isDryRun: true)),
            "DELETE /apis/apps/v1/namespaces/default/deployments/web", "application/json",
            #"{"apiVersion":"v1","dryRun":["All"],"gracePeriodSeconds":0,"kind":"DeleteOptions","#
                + #""preconditions":{"resourceVersion":"8","uid":"u"},"propagationPolicy":"Foreground"}"#),
    ]

    @Test("A verb is one request", arguments: reads + writes)
    func verb(_ expectation: Expectation) {
        let request = expectation.request
        #expect("\(request.method.rawValue) \(request.target)" == expectation.line)
        #expect(request.contentType == expectation.contentType)
        #expect(request.body.map { String(decoding: $0, as: UTF8.self) } == expectation.body)
    }

    @Test("No name reaches another path than its own")
    func escaping() {
        let key = ObjectKey(namespace: "a/b", name: "../x?watch=true")
        #expect(
            KubeRequest.get(Self.deployments, key).target
                == "/apis/apps/v1/namespaces/a%2Fb/deployments/..%2Fx%3Fwatch%3Dtrue")
    }

    @Test("A table is the same request in another form")
    func table() {
        let request = KubeRequest.get(Self.deployments, Self.web)
        #expect(request.asTable.target == request.target)
        #expect(request.asTable.accept == "application/json;as=Table;v=v1;g=meta.k8s.io")
    }
}
