import JSONModel
import KubeClient
import KubeModel
import ServingAPI
import Testing

@testable import APIServer

struct ServerDeleteTests {
    let test: TestServer
    var server: ObjectServer { test.server }

    init() async throws { test = try await TestServer() }

    @Test func anObjectThatNothingKeepsIsGoneAtOnce() async throws {
        let created = try await server.create(.widgets, widget("a"))
        let outcome = try await server.remove(.widgets, key("a"))
        #expect(outcome.isGone)
        #expect(outcome.object.uid == created.uid)
        #expect(try await !test.exists(.widgets, key("a")))
        #expect(try await refusal { try await server.delete(.widgets, key("a")) }?.isNotFound == true)
    }

    @Test func finalizersKeepAnObjectUntilTheLastIsGone() async throws {
        _ = try await server.create(.widgets, widget("a").with { $0.finalizers = ["test.dev/a", "test.dev/b"] })
        let outcome = try await server.remove(.widgets, key("a"))
        #expect(!outcome.isGone)
        #expect(outcome.object.deletionTimestamp == "2026-01-01T00:00:00Z")
        #expect(outcome.object["metadata", "deletionGracePeriodSeconds"] == 0)
        #expect(outcome.object.generation == 2)
        let again = try await server.remove(.widgets, key("a"))
        #expect(again.object == outcome.object)
        let one = try await server.patch(.widgets, key("a"), .merge(["metadata": ["finalizers": ["test.dev/b"]]]))
        #expect(one.isBeingDeleted)
        _ = try await server.patch(.widgets, key("a"), .merge(["metadata": ["finalizers": []]]))
        #expect(try await !test.exists(.widgets, key("a")))
    }

    @Test func anObjectThatIsBeingDeletedTakesNoNewFinalizers() async throws {
        _ = try await server.create(.widgets, widget("a").with { $0.finalizers = ["test.dev/a"] })
        try await server.delete(.widgets, key("a"))
        let patch: JSONValue = ["metadata": ["finalizers": ["test.dev/a", "test.dev/new"]]]
        let status = try await refusal { try await server.patch(.widgets, key("a"), .merge(patch)) }
        #expect(status?.causes.map(\.field) == ["metadata.finalizers"])
    }

    @Test func preconditionsMustHold() async throws {
        let created = try await server.create(.widgets, widget("a"))
        for options in [DeleteOptions(preconditionUID: "other"), .init(preconditionResourceVersion: "1")] {
            #expect(try await refusal { try await server.delete(.widgets, key("a"), options) }?.isConflict == true)
        }
        let options = DeleteOptions(
            preconditionUID: created.uid, preconditionResourceVersion: created.resourceVersion)
        #expect(try await server.remove(.widgets, key("a"), options).isGone)
    }

    @Test func aDryRunDeletesNothing() async throws {
        _ = try await server.create(.widgets, widget("a"))
        #expect(try await server.remove(.widgets, key("a"), DeleteOptions(isDryRun: true)).isGone)
        #expect(try await test.exists(.widgets, key("a")))
    }

    @Test func anUnknownPolicyIsRefused() async throws {
        _ = try await server.create(.widgets, widget("a"))
        let options = DeleteOptions(propagationPolicy: "Gentle")
        #expect(try await refusal { try await server.delete(.widgets, key("a"), options) }?.code == 400)
    }

    @Test func allOfANamespaceThatMatchAreDeleted() async throws {
        for name in ["a", "b", "c"] {
            _ = try await server.create(.widgets, widget(name).with { $0.labels = ["odd": name == "b" ? "no" : "yes"] })
        }
        _ = try await server.create(.widgets, widget("d", namespace: "kube-system").with { $0.labels = ["odd": "yes"] })
        let selection = ListOptions(labelSelector: LabelSelector(matching: ["odd": "yes"]))
        let deleted = try await server.removeAll(.widgets, namespace: "default", selection)
        #expect(deleted.map(\.name) == ["a", "c"])
        #expect(try await test.names(.widgets) == ["b", "d"])
    }
}

/// Pods have time to stop.
struct ServerPodDeletionTests {
    let test: TestServer
    var server: ObjectServer { test.server }

    init() async throws { test = try await TestServer() }

    private func pod(node: String? = "here", grace: Int? = nil) async throws {
        var pod = Object(.pods, namespace: "default", name: "p")
        pod.spec = ["containers": [["name": "c", "image": "i:1"]]]
        pod["spec", "nodeName"] = node.map { .string($0) }
        pod["spec", "terminationGracePeriodSeconds"] = grace.map { .number(JSONNumber($0)) }
        _ = try await server.create(.pods, pod)
    }

    @Test(arguments: [(Int?.none, Int?.none, 30), (5, nil, 5), (5, 8, 8), (nil, -4, 1)])
    func aRunningPodIsMarkedWithItsTime(specified: Int?, asked: Int?, expected: Int) async throws {
        try await pod(grace: specified)
        let outcome = try await server.remove(.pods, key("p"), DeleteOptions(gracePeriodSeconds: asked))
        #expect(!outcome.isGone)
        #expect(outcome.object["metadata", "deletionGracePeriodSeconds"]?.intValue == expected)
        #expect(outcome.object.deletionTimestamp == Timestamp.string(seconds: 1_767_225_600 + Int64(expected)))
    }

    @Test func aSecondDeletionOnlyShortensTheTime() async throws {
        try await pod()
        let first = try await server.delete(.pods, key("p"), DeleteOptions(gracePeriodSeconds: 10))
        #expect(try await server.delete(.pods, key("p"), DeleteOptions(gracePeriodSeconds: 20)) == first)
        let shorter = try await server.delete(.pods, key("p"), DeleteOptions(gracePeriodSeconds: 2))
        #expect(shorter["metadata", "deletionGracePeriodSeconds"] == 2)
        #expect(try await server.remove(.pods, key("p"), DeleteOptions(gracePeriodSeconds: 0)).isGone)
    }

    @Test func aWriteDuringTheTimeDoesNotRemoveThePod() async throws {
        try await pod()
        try await server.delete(.pods, key("p"))
        _ = try await server.patch(.pods, key("p"), .merge(["metadata": ["labels": ["a": "b"]]]))
        #expect(try await test.exists(.pods, key("p")))
    }

    @Test func aPodThatRunsNowhereIsGoneAtOnce() async throws {
        try await pod(node: nil)
        #expect(try await server.remove(.pods, key("p")).isGone)
    }

    @Test(arguments: ["Succeeded", "Failed"])
    func aPodThatEndedIsGoneAtOnce(phase: String) async throws {
        try await pod()
        let patch: JSONValue = ["status": .object(["phase": .string(phase)])]
        _ = try await server.patch(.pods, key("p"), .merge(patch), subresource: "status")
        #expect(try await server.remove(.pods, key("p")).isGone)
    }

    @Test func finalizersKeepAPodBeyondItsTime() async throws {
        try await pod()
        _ = try await server.patch(.pods, key("p"), .merge(["metadata": ["finalizers": ["test.dev/a"]]]))
        try await server.delete(.pods, key("p"))
        #expect(try await !server.remove(.pods, key("p"), DeleteOptions(gracePeriodSeconds: 0)).isGone)
        _ = try await server.patch(.pods, key("p"), .merge(["metadata": ["finalizers": []]]))
        #expect(try await !test.exists(.pods, key("p")))
    }
}
