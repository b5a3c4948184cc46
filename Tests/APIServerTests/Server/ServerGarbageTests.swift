import JSONModel
import KubeClient
import KubeModel
import ServingAPI
import Testing

@testable import APIServer

struct ServerGarbageTests {
    let test: TestServer
    var server: ObjectServer { test.server }

    init() async throws { test = try await TestServer() }

    private func create(_ name: String, _ owners: Object..., blocking: Bool = true, finalizers: [String] = [])
        async throws -> Object
    {
        try await server.create(
            .widgets,
            widget(name).with { object in
                object.ownerReferences = owners.map {
                    var reference = OwnerReference(controller: $0)
                    reference.isController = $0 == owners.first
                    reference.blocksOwnerDeletion = blocking
                    return reference
                }
                object.finalizers = finalizers
            })
    }

    @Test func whatTheDeletedOwnedIsDeletedWithIt() async throws {
        let root = try await create("root")
        let middle = try await create("middle", root)
        _ = try await create("leaf", middle)
        _ = try await create("other")
        try await server.delete(.widgets, key("root"))
        #expect(try await test.names(.widgets) == ["other"])
    }

    @Test func aChainAcrossKindsAndScopesGoes() async throws {
        let root = try await server.create(.gadgets, Object(.gadgets, name: "root"))
        _ = try await create("leaf", root)
        try await server.delete(.gadgets, key("root", namespace: nil))
        #expect(try await test.names(.widgets).isEmpty)
    }

    @Test func aCycleOfOwnersGoes() async throws {
        let a = try await create("a")
        let b = try await create("b", a)
        _ = try await server.patch(
            .widgets, key("a"),
            .merge(["metadata": ["ownerReferences": .array([OwnerReference(controller: b).json])]]))
        try await server.delete(.widgets, key("a"))
        #expect(try await test.names(.widgets).isEmpty)
    }

    @Test func anObjectStaysWhileOneOwnerDoes() async throws {
        let one = try await create("one")
        let two = try await create("two")
        _ = try await create("leaf", one, two)
        try await server.delete(.widgets, key("one"))
        #expect(try await server.get(.widgets, key("leaf")).ownerReferences.map(\.uid) == [two.uid])
        try await server.delete(.widgets, key("two"))
        #expect(try await test.names(.widgets).isEmpty)
    }

    @Test func finalizersOfADependentKeepItButNotItsOwner() async throws {
        let root = try await create("root")
        _ = try await create("leaf", root, finalizers: ["test.dev/a"])
        try await server.delete(.widgets, key("root"))
        #expect(try await test.names(.widgets) == ["leaf"])
        #expect(try await server.get(.widgets, key("leaf")).isBeingDeleted)
    }

    @Test func finalizersOfAnOwnerKeepItsDependents() async throws {
        let root = try await create("root", finalizers: ["test.dev/a"])
        _ = try await create("leaf", root)
        try await server.delete(.widgets, key("root"))
        #expect(try await server.get(.widgets, key("leaf")).isBeingDeleted == false)
        _ = try await server.patch(.widgets, key("root"), .merge(["metadata": ["finalizers": []]]))
        #expect(try await test.names(.widgets).isEmpty)
    }

    @Test func orphansStay() async throws {
        let root = try await create("root")
        _ = try await create("leaf", root)
        try await server.delete(.widgets, key("root"), DeleteOptions(propagationPolicy: "Orphan"))
        #expect(try await test.names(.widgets) == ["leaf"])
        #expect(try await server.get(.widgets, key("leaf")).ownerReferences.isEmpty)
    }

    @Test func inForegroundAnOwnerWaitsForWhatBlocksIt() async throws {
        let root = try await create("root")
        let middle = try await create("middle", root)
        _ = try await create("leaf", middle, finalizers: ["test.dev/a"])
        let outcome = try await server.remove(
            .widgets, key("root"), DeleteOptions(propagationPolicy: "Foreground"))
        #expect(!outcome.isGone)
        #expect(outcome.object.finalizers == ["foregroundDeletion"])
        #expect(try await test.names(.widgets) == ["leaf", "middle", "root"])
        _ = try await server.patch(.widgets, key("leaf"), .merge(["metadata": ["finalizers": []]]))
        #expect(try await test.names(.widgets).isEmpty)
    }

    @Test func inForegroundWhatDoesNotBlockIsNotWaitedFor() async throws {
        let root = try await create("root")
        _ = try await create("leaf", root, blocking: false, finalizers: ["test.dev/a"])
        let options = DeleteOptions(propagationPolicy: "Foreground")
        #expect(try await server.remove(.widgets, key("root"), options).isGone)
        #expect(try await server.get(.widgets, key("leaf")).isBeingDeleted)
    }

    @Test func inForegroundWithNothingOwnedAnObjectIsGoneAtOnce() async throws {
        _ = try await create("root")
        let options = DeleteOptions(propagationPolicy: "Foreground")
        #expect(try await server.remove(.widgets, key("root"), options).isGone)
    }

    @Test func whatIsCreatedForAnOwnerThatIsGoneGoes() async throws {
        let root = try await create("root")
        try await server.delete(.widgets, key("root"))
        let late = try await create("late", root)
        #expect(late.name == "late")
        #expect(try await test.names(.widgets).isEmpty)
    }

    @Test func runningPodsOfADeletedOwnerHaveTheirTime() async throws {
        let root = try await create("root")
        var pod = Object(.pods, namespace: "default", name: "p").owned(by: root)
        pod.spec = ["nodeName": "here", "containers": [["name": "c", "image": "i:1"]]]
        _ = try await server.create(.pods, pod)
        try await server.delete(.widgets, key("root"))
        #expect(try await server.get(.pods, key("p")).isBeingDeleted)
    }

    @Test func ownersAreChecked() async throws {
        let root = try await create("root")
        let reference = OwnerReference(controller: root).json
        let bad = widget("leaf").with {
            $0["metadata", "ownerReferences"] = [reference, reference.with("uid", "other"), ["name": "x"]]
        }
        let status = try await refusal { try await server.create(.widgets, bad) }
        #expect(status?.causes.map(\.field).contains("metadata.ownerReferences") == true)
        #expect(status?.causes.map(\.field).contains("metadata.ownerReferences[2].uid") == true)
    }
}

extension JSONValue {
    fileprivate func with(_ key: String, _ value: JSONValue) -> JSONValue {
        var copy = self
        copy[key] = value
        return copy
    }
}
