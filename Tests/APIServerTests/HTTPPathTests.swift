import KubeModel
import Testing

@testable import APIServer

@Suite struct HTTPPathTests {
    @Test(
        "A path says which object is meant",
        arguments: [
            ("/api/v1/pods", "|v1|-|pods|-|-"), ("/api/v1/namespaces", "|v1|-|namespaces|-|-"),
            ("/api/v1/namespaces/a", "|v1|-|namespaces|a|-"),
            ("/api/v1/namespaces/a/status", "|v1|-|namespaces|a|status"),
            ("/api/v1/namespaces/a/pods", "|v1|a|pods|-|-"), ("/api/v1/namespaces/a/pods/p", "|v1|a|pods|p|-"),
            ("/api/v1/namespaces/a/pods/p/log?follow=true", "|v1|a|pods|p|log"),
            ("/apis/apps/v1/deployments", "apps|v1|-|deployments|-|-"),
            ("/apis/apps/v1/namespaces/a/deployments/web/scale", "apps|v1|a|deployments|web|scale"),
            ("/apis/martlet.dev/v1alpha1/hostimages/a%2Fb", "martlet.dev|v1alpha1|-|hostimages|a/b|-"),
            ("//api//v1/pods/", "|v1|-|pods|-|-"),
        ])
    func targets(_ path: String, _ expected: String) throws {
        let target = try #require(ResourceTarget(APIRequest(method: "GET", target: path).path))
        let words = [target.namespace, target.plural, target.name, target.subresource].map { $0 ?? "-" }
        #expect(([target.group, target.version] + words).joined(separator: "|") == expected)
    }

    @Test(
        "Other paths are of no resource",
        arguments: [
            "/", "/api", "/api/v1", "/apis", "/apis/apps", "/apis/apps/v1", "/version", "/api/v1/namespaces/a/b/c/d/e",
        ])
    func others(_ path: String) {
        #expect(ResourceTarget(APIRequest(method: "GET", target: path).path) == nil)
    }

    @Test("Parameters are decoded, and the first of two counts")
    func query() throws {
        let query = APIRequest(
            method: "GET", target: "/x?a=1%2B2&b=x+y&a=3&c&d=false&e=true&f=-1&g=%zz&limit=7"
        ).query
        #expect(query["a"] == "1+2")
        #expect(query["b"] == "x y")
        #expect(query["c"] == nil)
        #expect(query["g"] == "%zz")
        #expect([query.bool("c"), query.bool("d"), query.bool("e"), query.bool("z")] == [true, false, true, false])
        #expect(try query.int("limit") == 7)
        #expect(throws: Status.self) { try query.int("f") }
        #expect(throws: Status.self) { try query.int("b") }
    }

    @Test(
        "The first form that can be given is given",
        arguments: [
            ("", Representation.object), ("*/*", .object), ("application/json", .object),
            ("application/json;q=0.9, */*", .object),
            ("application/vnd.kubernetes.protobuf,application/json", .object),
            ("application/json;as=Table;v=v1;g=meta.k8s.io,application/json", .table),
            ("application/json;as=Table;v=v1beta1;g=meta.k8s.io,application/json", .object),
            ("application/json; as=Table; v=v1; g=meta.k8s.io", .table),
            ("application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io", .metadata),
            ("application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io,application/json", .metadata),
        ])
    func accept(_ header: String, _ form: Representation) throws {
        #expect(try Representation(accept: header) == form)
    }

    @Test("What can be given in no form is refused", arguments: ["text/html", "application/vnd.kubernetes.protobuf"])
    func notAcceptable(_ header: String) {
        let status = #expect(throws: Status.self) { try Representation(accept: header) }
        #expect(status?.code == 406)
    }

    @Test(
        "The User-Agent names the field manager",
        arguments: [("kubectl/v1.20 (linux)", "kubectl"), ("", nil), ("/", nil)])
    func fieldManager(_ agent: String, _ name: String?) {
        var request = APIRequest(method: "POST", target: "/")
        request.userAgent = agent
        #expect(request.defaultFieldManager == name)
    }
}
