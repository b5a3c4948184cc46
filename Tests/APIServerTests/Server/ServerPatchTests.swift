import JSONModel
import KubeClient
import KubeController
import KubeModel
import ServingAPI
import Testing

@testable import APIServer

struct ServerPatchTests {
    let test: TestServer
    let created: Object
    var server: ObjectServer { test.server }

    init() async throws {
        test = try await TestServer()
        created = try await test.server.create(.widgets, widget("a"))
    }

    @Test(arguments: [
        Patch.merge(["spec": ["size": 6, "tags": ["x"]]]),
        .json([
            ["op": "test", "path": "/spec/size", "value": 4], ["op": "replace", "path": "/spec/size", "value": 6],
            ["op": "add", "path": "/spec/tags", "value": ["x"]],
        ]),
        .apply(
            [
                "apiVersion": "test.dev/v1", "kind": "Widget", "metadata": ["name": "a"],
                "spec": ["size": 6, "tags": ["x"]],
            ], force: true),
    ])
    func aPatchChangesWhatItNames(patch: Patch) async throws {
        let patched = try await server.patch(
            .widgets, key("a"), patch, subresource: nil, WriteOptions(fieldManager: "me"))
        #expect(patched.spec == ["color": "blue", "size": 6, "tags": ["x"]])
        #expect(patched.generation == 2)
    }

    /// The group of a subject is filled in, in a list that is applied as a whole.
    @Test func applyingAgainChangesNothingWhereTheServerFilledIn() async throws {
        let config: JSONValue = [
            "apiVersion": "rbac.authorization.k8s.io/v1", "kind": "RoleBinding", "metadata": ["name": "b"],
            "roleRef": ["kind": "Role", "name": "r"], "subjects": [["kind": "User", "name": "jane"]],
        ]
        func apply() async throws -> Object {
            try await server.patch(
                .roleBindings, key("b"), .apply(config, force: false), subresource: nil,
                WriteOptions(fieldManager: "me"))
        }
        let first = try await apply()
        test.time.advance(by: .seconds(60))
        #expect(try await apply() == first)
    }

    @Test func aPatchIsCheckedAsAnyWrite() async throws {
        let status = try await refusal { try await server.patch(.widgets, key("a"), .merge(["spec": ["size": 5]])) }
        #expect(status?.causes.map(\.field) == ["spec.size"])
    }

    @Test(arguments: [
        (Patch.json(["op": "add"]), 400), (.json([["op": "test", "path": "/spec/size", "value": 5]]), 422),
        (.json([["op": "remove", "path": "/spec/none"]]), 422), (.strategicMerge(["spec": [:]]), 415),
        (.merge(["metadata": ["name": "b"]]), 400), (.merge([]), 400),
        (.merge(["metadata": ["resourceVersion": "1"]]), 409), (.merge(["metadata": ["uid": "other"]]), 422),
    ])
    func aPatchThatCannotBeIsRefused(patch: Patch, code: Int) async throws {
        #expect(try await refusal { try await server.patch(.widgets, key("a"), patch) }?.code == code)
        #expect(try await server.get(.widgets, key("a")) == created)
    }

    @Test func whatIsNotThereCannotBePatched() async throws {
        #expect(try await refusal { try await server.patch(.widgets, key("b"), .merge([:])) }?.isNotFound == true)
    }

    @Test func patchesWithoutAVersionNeverConflict() async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for index in 0..<40 {
                group.addTask { [server] in
                    let label: JSONValue = ["metadata": ["labels": .object(["l\(index)": "x"])]]
                    _ = try await server.patch(.widgets, key("a"), .merge(label))
                }
            }
            try await group.waitForAll()
        }
        #expect(try await server.get(.widgets, key("a")).labels.count == 40)
    }

    @Test func builtInKindsMergeTheirListsByKey() async throws {
        var pod = Object(.pods, namespace: "default", name: "p")
        pod.spec = ["containers": [["name": "a", "image": "a:1"], ["name": "b", "image": "b:1"]]]
        _ = try await server.create(.pods, pod)
        let patch: JSONValue = ["spec": ["containers": [["name": "b", "image": "b:2"]]]]
        let patched = try await server.patch(.pods, key("p"), .strategicMerge(patch))
        let images = patched.spec["containers"]?.arrayValue?.map { $0["image"]?.stringValue }
        #expect(images?.sorted { ($0 ?? "") < ($1 ?? "") } == ["a:1", "b:2"])
    }
}

struct ServerApplyTests {
    let test: TestServer
    var server: ObjectServer { test.server }

    init() async throws { test = try await TestServer() }

    private func config(_ spec: JSONValue) -> Object {
        Object(.widgets, namespace: "default", name: "a").with { $0.spec = spec }
    }

    @Test func applyMakesWhatIsNotThere() async throws {
        let config = config(["size": 4])
        let outcome = try await server.write(
            .patch(.apply(config.json, force: false)), .widgets, config.key, WriteOptions(fieldManager: "me"))
        #expect(outcome.isCreated)
        #expect(outcome.object["spec", "color"] == "blue")
        #expect(outcome.object["metadata", "managedFields"]?[0]?["operation"] == "Apply")
    }

    @Test func applyingTheSameAgainIsNoWrite() async throws {
        let first = try await server.apply(.widgets, config(["size": 4]), by: "me")
        test.time.advance(by: .seconds(10))
        #expect(try await server.apply(.widgets, config(["size": 4]), by: "me") == first)
    }

    @Test func whatAnApplierLeavesOutGoes() async throws {
        try await server.apply(.widgets, config(["size": 4, "tags": ["x"]]), by: "me")
        let applied = try await server.apply(.widgets, config(["size": 4]), by: "me")
        #expect(applied["spec", "tags"] == nil)
        #expect(applied.generation == 2)
    }

    @Test func whatBelongsToAnotherConflictsUnlessForced() async throws {
        try await server.apply(.widgets, config(["size": 4]), by: "me")
        let status = try await refusal {
            try await server.apply(.widgets, config(["size": 6]), by: "you", force: false)
        }
        #expect(status?.isConflict == true)
        #expect(status?.causes.map(\.field) == [".spec.size"])
        #expect(try await server.apply(.widgets, config(["size": 6]), by: "you")["spec", "size"] == 6)
    }

    @Test func unknownFieldsOfAnAppliedConfigurationAreDroppedOrRefused() async throws {
        let config = config(["size": 4, "sise": 4])
        let outcome = try await server.write(
            .patch(.apply(config.json, force: false)), .widgets, config.key, WriteOptions(fieldManager: "me"))
        #expect(outcome.warnings == ["unknown field \"spec.sise\""])
        let owned = outcome.object["metadata", "managedFields"]?[0]?[path: "fieldsV1", "f:spec"]
        #expect(owned == ["f:size": [:]])
        let strict = WriteOptions(fieldManager: "me", fieldValidation: "Strict")
        let status = try await refusal {
            try await server.patch(.widgets, config.key, .apply(config.json, force: false), subresource: nil, strict)
        }
        #expect(status?.code == 400)
    }

    @Test func theStatusIsAppliedApart() async throws {
        try await server.apply(.widgets, config(["size": 4]), by: "me")
        let status = Object(.widgets, namespace: "default", name: "a").with { $0.status = ["phase": "Small"] }
        let applied = try await server.apply(.widgets, status, by: "controller", subresource: "status")
        #expect(applied.status == ["phase": "Small"])
        #expect(applied["spec", "size"] == 4)
        #expect(try await server.apply(.widgets, status, by: "controller", subresource: "status") == applied)
        let none = Object(.widgets, namespace: "default", name: "none").with { $0.status = ["phase": "Small"] }
        let refused = try await refusal {
            try await server.apply(.widgets, none, by: "controller", subresource: "status")
        }
        #expect(refused?.isNotFound == true)
    }

    @Test func anAppliedResourceVersionMustBeTheCurrentOne() async throws {
        let stale = config(["size": 4]).with { $0.resourceVersion = "3" }
        #expect(try await refusal { try await server.apply(.widgets, stale, by: "me") }?.isConflict == true)
    }
}

struct ServerScaleTests {
    let test: TestServer
    var server: ObjectServer { test.server }

    init() async throws {
        test = try await TestServer()
        _ = try await test.server.create(
            .widgets,
            widget("a").with {
                $0["spec", "replicas"] = 2
                $0["spec", "selector"] = ["matchLabels": ["app": "x"]]
            })
    }

    @Test func theScaleShowsReplicasAndSelector() async throws {
        _ = try await server.patch(
            .widgets, key("a"), .merge(["status": ["replicas": 1]]), subresource: "status")
        let scale = try await server.get(.widgets, key("a"), subresource: "scale")
        #expect(scale.gvk == GroupVersionKind(group: "autoscaling", version: "v1", kind: "Scale"))
        #expect(scale.spec == ["replicas": 2])
        #expect(scale.status == ["replicas": 1, "selector": "app=x"])
        #expect(scale.name == "a")
    }

    @Test(arguments: [
        Patch.merge(["spec": ["replicas": 5]]), .strategicMerge(["spec": ["replicas": 5]]),
        .json([["op": "replace", "path": "/spec/replicas", "value": 5]]),
        .apply(["spec": ["replicas": 5]], force: true),
    ])
    func aPatchOfTheScaleSetsTheReplicas(patch: Patch) async throws {
        let scale = try await server.patch(.widgets, key("a"), patch, subresource: "scale")
        #expect(scale.kind == "Scale")
        #expect(scale.spec == ["replicas": 5])
        let object = try await server.get(.widgets, key("a"))
        #expect(object["spec", "replicas"] == 5)
        #expect(object.generation == 2)
    }

    @Test func aReplacedScaleSetsTheReplicasUnlessItIsStale() async throws {
        let old = try await server.get(.widgets, key("a"), subresource: "scale")
        let zero = old.with { $0["spec", "replicas"] = 0 }
        #expect(try await server.replace(.widgets, zero, subresource: "scale").spec == ["replicas": 0])
        #expect(
            try await refusal { try await server.replace(.widgets, zero, subresource: "scale") }?.isConflict == true)
    }

    @Test func negativeReplicasAreRefused() async throws {
        let status = try await refusal {
            try await server.patch(.widgets, key("a"), .merge(["spec": ["replicas": -1]]), subresource: "scale")
        }
        #expect(status?.causes.map(\.field) == ["spec.replicas"])
    }
}
