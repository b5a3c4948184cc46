import JSONModel
import KubeClient
import KubeModel
import ServingAPI
import Testing

@testable import APIServer

struct WebhookTests {
    let test: TestServer
    var server: ObjectServer { test.server }

    init() async throws { test = try await TestServer() }

    @Test func aMutatingWebhookChangesWhatIsStored() async throws {
        let added: JSONValue = [["op": "add", "path": "/spec/replicas", "value": 7]]
        try await WebhookServer.with({ _ in WebhookServer.patch(added) }) { [server] webhook in
            _ = try await server.create(
                .mutatingWebhookConfigurations, webhook.configuration(.mutatingWebhookConfigurations, "adds"))
            let created = try await server.create(.widgets, widget("a"))
            #expect(created.spec["replicas"] == 7)
            #expect(try await server.get(.widgets, key("a")) == created)
            let request = try #require(webhook.requests.first)
            #expect(request["operation"] == "CREATE")
            #expect(request[path: "object", "spec", "color"] == "blue")
            #expect(request["oldObject"] == .null)
            #expect(request[path: "userInfo", "username"] == "system:martlet")
            #expect(request[path: "resource", "resource"] == "widgets")
        }
    }

    @Test func aValidatingWebhookSeesTheObjectAsItWillBeAndCanRefuseIt() async throws {
        let refuse: WebhookServer.Decide = { request in
            request[path: "object", "spec", "size"] == 4
                ? ["allowed": false, "status": ["code": 403, "reason": "Forbidden", "message": "no fours"]]
                : ["allowed": true, "warnings": ["looked at"]]
        }
        try await WebhookServer.with(refuse) { [server] webhook in
            _ = try await server.create(
                .validatingWebhookConfigurations, webhook.configuration(.validatingWebhookConfigurations, "checks"))
            let status = try #require(try await refusal { try await server.create(.widgets, widget("a")) })
            #expect(status.code == 403)
            #expect(status.message == "admission webhook \"checks.example.com\" denied the request: no fours")
            let outcome = try await server.write(.create(widget("a", size: 6)), .widgets, key("a"))
            #expect(outcome.warnings == ["looked at"])
            _ = try await server.delete(.widgets, key("a"))
            let last = try #require(webhook.requests.last)
            #expect(last["operation"] == "DELETE")
            #expect(last["object"] == .null)
            #expect(last[path: "oldObject", "metadata", "name"] == "a")
        }
    }

    @Test func whatSelectorsLeaveOutIsNotAsked() async throws {
        try await WebhookServer.with({ _ in ["allowed": false] }) { [server] webhook in
            _ = try await server.create(
                .validatingWebhookConfigurations,
                webhook.configuration(
                    .validatingWebhookConfigurations, "labels",
                    ["objectSelector": ["matchLabels": ["ask": "yes"]]]))
            _ = try await server.create(
                .validatingWebhookConfigurations,
                webhook.configuration(
                    .validatingWebhookConfigurations, "namespaces",
                    ["namespaceSelector": ["matchLabels": ["kubernetes.io/metadata.name": "other"]]]))
            _ = try await server.create(.widgets, widget("a"))
            #expect(webhook.requests.isEmpty)
            let status = try await refusal {
                try await server.create(.widgets, widget("b").with { $0.labels = ["ask": "yes"] })
            }
            #expect(
                status?.message == "admission webhook \"labels.example.com\" denied the request without explanation")
        }
    }

    @Test(arguments: ["Fail", "Ignore"])
    func whereAWebhookCannotBeAskedItsPolicyCounts(policy: String) async throws {
        let decide: WebhookServer.Decide = { _ in ["allowed": true, "uid": "another"] }
        try await WebhookServer.with(decide) { [server] webhook in
            _ = try await server.create(
                .validatingWebhookConfigurations,
                webhook.configuration(
                    .validatingWebhookConfigurations, "odd", ["failurePolicy": .string(policy)]))
            let status = try await refusal { try await server.create(.widgets, widget("a")) }
            #expect((status == nil) == (policy == "Ignore"))
            if let status {
                #expect(status.code == 500)
                #expect(status.message.contains("failed calling webhook \"odd.example.com\""))
                #expect(status.message.contains("expected response.uid"))
            }
        }
    }

    @Test func aWriteMeetsTheObjectThatTheWebhooksSaw() async throws {
        _ = try await server.create(.widgets, widget("a"))
        let counted: WebhookServer.Decide = { request in
            WebhookServer.patch([["op": "add", "path": "/metadata/annotations", "value": ["seen": "yes"]]])
        }
        try await WebhookServer.with(counted) { [server] webhook in
            _ = try await server.create(
                .mutatingWebhookConfigurations, webhook.configuration(.mutatingWebhookConfigurations, "slow"))
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 1...4 {
                    group.addTask {
                        let labels: JSONValue = ["metadata": ["labels": ["l\(number)": "x"]]]
                        _ = try await server.patch(.widgets, key("a"), .merge(labels))
                    }
                }
                try await group.waitForAll()
            }
            let stored = try await server.get(.widgets, key("a"))
            #expect(stored.labels.keys.sorted() == ["l1", "l2", "l3", "l4"])
            #expect(stored.annotations["seen"] == "yes")
        }
    }

    @Test func aWebhookOfTheScaleSeesAScale() async throws {
        _ = try await server.create(.widgets, widget("a"))
        let halve: WebhookServer.Decide = { _ in
            WebhookServer.patch([["op": "replace", "path": "/spec/replicas", "value": 2]])
        }
        try await WebhookServer.with(halve) { [server] webhook in
            _ = try await server.create(
                .mutatingWebhookConfigurations,
                webhook.configuration(.mutatingWebhookConfigurations, "scale", resources: ["*/scale"]))
            let scale = try await server.patch(
                .widgets, key("a"), .merge(["spec": ["replicas": 4]]), subresource: "scale")
            #expect(scale.spec["replicas"] == 2)
            #expect(webhook.requests.first?[path: "kind", "kind"] == "Scale")
            #expect(webhook.requests.first?[path: "object", "kind"] == "Scale")
            #expect(webhook.requests.first?["subResource"] == "scale")
        }
    }

    @Test(
        arguments: [
            (["widgets"], "", true), (["widgets"], "status", false), (["widgets/status"], "status", true),
            (["widgets/*"], "scale", true), (["*"], "", true), (["*"], "scale", false), (["*/*"], "scale", true),
            (["*/scale"], "scale", true), (["gadgets"], "", false),
        ])
    func rulesNameResources(resources: [String], subresource: String, isMatched: Bool) {
        let rule = WebhookRule([
            "operations": ["CREATE"], "apiGroups": ["*"], "apiVersions": ["v1"], "scope": "Namespaced",
            "resources": .array(resources.map { .string($0) }),
        ])
        #expect(
            rule.matches(.create, .widgets, subresource: subresource.isEmpty ? nil : subresource) == isMatched)
        #expect(!rule.matches(.update, .widgets, subresource: nil))
        #expect(!rule.matches(.create, .gadgets, subresource: nil))
    }

    @Test func anEquivalentVersionIsShownAsTheRuleSays() async throws {
        var other = CronTabs.version
        other["name"] = "v1beta1"
        other["storage"] = false
        let versions = [CronTabs.version, other]
        _ = try await server.create(
            .customResourceDefinitions, CronTabs.definition { $0.spec["versions"] = .array(versions) })
        let beta = Resource(group: "stable.example.com", version: "v1beta1", kind: "CronTab", plural: "crontabs")
        try await WebhookServer.with({ _ in ["allowed": true] }) { [server] webhook in
            let rules: JSONValue = [
                [
                    "apiGroups": ["stable.example.com"], "apiVersions": ["v1"], "resources": ["crontabs"],
                    "operations": ["CREATE"],
                ]
            ]
            _ = try await server.create(
                .validatingWebhookConfigurations,
                webhook.configuration(.validatingWebhookConfigurations, "old", ["rules": rules]))
            _ = try await server.create(
                beta, Object(beta, namespace: "default", name: "a", ["spec": ["cronSpec": "x"]]))
            let request = try #require(webhook.requests.first)
            #expect(request[path: "object", "apiVersion"] == "stable.example.com/v1")
            #expect(request[path: "kind", "version"] == "v1")
            #expect(request[path: "requestKind", "version"] == "v1beta1")
        }
    }

    @Test func aServiceIsItsReadyPodOnThisMachine() async throws {
        let place = Webhook.Place.service(key("hooks"), port: 443, path: "/review")
        let service = Object(
            .services, namespace: "default", name: "hooks",
            ["spec": ["selector": ["app": "hooks"], "ports": [["port": 443, "targetPort": "tls"]]]])
        _ = try await server.create(.services, service)
        await #expect(throws: WebhookFailure.self) { try await server.read { try $0.address(of: place) } }
        var pod = Object.pod("hooks", labels: ["app": "hooks"])
        pod.spec["containers"] = [
            ["name": "main", "image": "x", "ports": [["name": "tls", "containerPort": 8443]]]
        ]
        _ = try await server.create(.pods, pod)
        _ = try await server.patch(
            .pods, key("hooks"),
            .merge(["status": ["podIP": "127.1.2.3", "conditions": [["type": "Ready", "status": "True"]]]]),
            subresource: "status")
        let address = try await server.read { try $0.address(of: place) }
        #expect(address.url == "https://hooks.default.svc:8443/review")
        #expect(address.hosts == ["hooks.default.svc": "127.1.2.3"])
    }
}
