import JSONModel
import KubeClient
import KubeModel
import ServingAPI
import Testing

@testable import APIServer

struct ServerNamespaceTests {
    let test: TestServer
    var server: ObjectServer { test.server }

    init() async throws {
        test = try await TestServer()
        _ = try await test.server.create(.namespaces, Object(.namespaces, name: "team"))
    }

    private var team: ObjectKey { key("team", namespace: nil) }

    @Test func someNamespacesAreThereFromTheStart() async throws {
        #expect(try await test.names(.namespaces) == ["default", "kube-system", "martlet-system", "team"])
        let namespace = try await server.get(.namespaces, key("default", namespace: nil))
        #expect(namespace.status["phase"] == "Active")
        #expect(namespace.labels["kubernetes.io/metadata.name"] == "default")
    }

    @Test(arguments: ["default", "kube-system", "martlet-system"])
    func theseCannotBeDeleted(name: String) async throws {
        let status = try await refusal { try await server.delete(.namespaces, key(name, namespace: nil)) }
        #expect(status?.code == 403)
    }

    @Test func anEmptyNamespaceIsGoneAtOnce() async throws {
        #expect(try await server.remove(.namespaces, team).isGone)
    }

    @Test func whatIsInANamespaceGoesWithIt() async throws {
        let owner = try await server.create(.widgets, widget("owner", namespace: "team"))
        _ = try await server.create(.widgets, widget("leaf", namespace: "team").owned(by: owner))
        _ = try await server.create(.widgets, widget("other"))
        #expect(try await server.remove(.namespaces, team).isGone)
        #expect(try await test.names(.widgets) == ["other"])
    }

    @Test func aNamespaceWaitsForWhatFinalizersKeepInIt() async throws {
        _ = try await server.create(
            .widgets, widget("a", namespace: "team").with { $0.finalizers = ["test.dev/a"] })
        let outcome = try await server.remove(.namespaces, team)
        #expect(!outcome.isGone)
        #expect(outcome.object.status["phase"] == "Terminating")
        let status = try #require(
            try await refusal { try await server.create(.widgets, widget("b", namespace: "team")) })
        #expect(status.code == 403)
        #expect(status.causes.map(\.reason) == ["NamespaceTerminating"])
        _ = try await server.patch(
            .widgets, key("a", namespace: "team"), .merge(["metadata": ["finalizers": []]]))
        #expect(try await !test.exists(.namespaces, team))
    }

    @Test func aNamespaceWithFinalizersOfItsOwnWaitsForThem() async throws {
        _ = try await server.patch(.namespaces, team, .merge(["metadata": ["finalizers": ["test.dev/a"]]]))
        #expect(try await !server.remove(.namespaces, team).isGone)
        _ = try await server.patch(.namespaces, team, .merge(["metadata": ["finalizers": []]]))
        #expect(try await !test.exists(.namespaces, team))
    }

    @Test func finalizersGoneBeforeTheContentsDoNotEndANamespace() async throws {
        _ = try await server.patch(.namespaces, team, .merge(["metadata": ["finalizers": ["test.dev/a"]]]))
        _ = try await server.create(
            .widgets, widget("a", namespace: "team").with { $0.finalizers = ["test.dev/a"] })
        try await server.delete(.namespaces, team)
        _ = try await server.patch(.namespaces, team, .merge(["metadata": ["finalizers": []]]))
        #expect(try await test.exists(.namespaces, team))
        _ = try await server.patch(
            .widgets, key("a", namespace: "team"), .merge(["metadata": ["finalizers": []]]))
        #expect(try await !test.exists(.namespaces, team))
    }

    @Test func aRunningPodKeepsItsNamespaceUntilItHasStopped() async throws {
        var pod = Object(.pods, namespace: "team", name: "p")
        pod.spec = ["nodeName": "here", "containers": [["name": "c", "image": "i:1"]]]
        _ = try await server.create(.pods, pod)
        try await server.delete(.namespaces, team)
        #expect(try await test.exists(.namespaces, team))
        try await server.delete(.pods, key("p", namespace: "team"), DeleteOptions(gracePeriodSeconds: 0))
        #expect(try await !test.exists(.namespaces, team))
    }
}
