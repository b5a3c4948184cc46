import JSONModel
import Testing

@testable import KubeModel

@Suite("Server-side apply")
struct ServerSideApplyTests {
    let schema = TestSchema.workload

    func apply(
        _ spec: JSONValue, to live: Object? = nil, by manager: String = "a", force: Bool = false,
        subresource: String? = nil, now: String = "T1"
    ) throws -> Object {
        try ServerSideApply.apply(
            config: TestSchema.workload(spec), to: live, manager: manager, force: force, subresource: subresource,
            schema: schema, now: now)
    }

    func update(_ old: Object, by manager: String, now: String = "T2", _ change: (inout Object) -> Void) -> Object {
        var new = old
        change(&new)
        return ManagedFields.recordUpdate(
            old: old, new: new, manager: manager, subresource: nil, schema: schema, now: now)
    }

    func fields(_ object: Object, _ manager: String) -> String? {
        object["metadata", "managedFields"]?.arrayValue?.first { $0["manager"]?.stringValue == manager }?["fieldsV1"]?
            .text
    }

    @Test func creatingMakesTheObjectAndOwnsWhatWasApplied() throws {
        let object = try apply(["replicas": 2, "containers": [["name": "main", "image": "x", "args": ["-v"]]]])
        #expect(object.spec["replicas"] == 2)
        #expect(
            object["metadata", "managedFields"]?.arrayValue?.first == [
                "manager": "a", "operation": "Apply", "apiVersion": "test/v1", "time": "T1", "fieldsType": "FieldsV1",
                "fieldsV1": [
                    "f:spec": [
                        "f:replicas": [:],
                        "f:containers": [
                            #"k:{"name":"main"}"#: [".": [:], "f:name": [:], "f:image": [:], "f:args": [:]]
                        ],
                    ]
                ],
            ])
    }

    @Test func applyingTheSameAgainChangesNothing() throws {
        let first = try apply(["replicas": 2, "names": ["x", "y"]])
        #expect(try apply(["replicas": 2, "names": ["x", "y"]], to: first, now: "T9") == first)
    }

    @Test func whatIsLeftOutIsRemoved() throws {
        let first = try apply([
            "replicas": 2, "names": ["x", "y"],
            "containers": [["name": "main", "image": "x", "env": [["name": "A", "value": "1"]]], ["name": "side"]],
        ])
        let second = try apply(["names": ["y"], "containers": [["name": "main"]]], to: first)
        #expect(second.spec == ["names": ["y"], "containers": [["name": "main"]]])
    }

    @Test func whatOthersOwnToo_StaysWhenOneLetsGo() throws {
        let first = try apply(["replicas": 2], by: "a")
        let shared = try apply(["replicas": 2], to: first, by: "b")
        let released = try apply(["paused": true], to: shared, by: "a")
        #expect(released.spec == ["replicas": 2, "paused": true])
        #expect(fields(released, "b") == #"{"f:spec":{"f:replicas":{}}}"#)
        #expect(fields(released, "a") == #"{"f:spec":{"f:paused":{}}}"#)
        #expect(try apply([:], to: released, by: "b").spec == ["paused": true])
    }

    @Test func anothersFieldIsAConflict() throws {
        let first = try apply(["replicas": 2, "paused": true], by: "a")
        let status = #expect(throws: Status.self) { try apply(["replicas": 3], to: first, by: "b") }
        #expect(status?.code == 409)
        #expect(status?.reason == "Conflict")
        #expect(status?.message == "Apply failed with 1 conflict: conflict with \"a\": .spec.replicas")
        #expect(
            status?.causes == [
                .init(reason: "FieldManagerConflict", message: "conflict with \"a\"", field: ".spec.replicas")
            ])
    }

    @Test func severalConflictsAreListedByManager() throws {
        var object = try apply(["containers": [["name": "main", "image": "x"]], "names": ["n"]], by: "a")
        object = update(object, by: "edit") { $0.spec["paused"] = true }
        let status = #expect(throws: Status.self) {
            try apply(
                ["containers": [["name": "main", "image": "y", "args": ["1"]]], "paused": false], to: object, by: "b")
        }
        #expect(
            status?.message == """
                Apply failed with 2 conflicts: conflicts with "a":
                - .spec.containers[name="main"].image
                conflicts with "edit" using test/v1:
                - .spec.paused
                """)
    }

    @Test func forceTakesTheFieldFromItsOwner() throws {
        let first = try apply(["replicas": 2, "paused": true], by: "a")
        let forced = try apply(["replicas": 3], to: first, by: "b", force: true)
        #expect(forced.spec == ["replicas": 3, "paused": true])
        #expect(fields(forced, "a") == #"{"f:spec":{"f:paused":{}}}"#)
        #expect(fields(forced, "b") == #"{"f:spec":{"f:replicas":{}}}"#)
    }

    @Test func theSameValueIsSharedWithoutConflict() throws {
        let first = try apply(["selector": ["matchLabels": ["a": "1"]], "names": ["x"]], by: "a")
        let second = try apply(["selector": ["matchLabels": ["a": "1"]], "names": ["y"]], to: first, by: "b")
        #expect(second.spec["names"] == ["x", "y"])
        #expect(fields(second, "b") == #"{"f:spec":{"f:names":{"v:\"y\"":{}},"f:selector":{}}}"#)
    }

    @Test func atomicPartsAreOwnedAndReplacedWhole() throws {
        let first = try apply([
            "selector": ["matchLabels": ["a": "1"]], "containers": [["name": "c", "args": ["1", "2"]]],
        ])
        let second = try apply(
            ["selector": ["matchLabels": ["b": "2"]], "containers": [["name": "c", "args": ["3"]]]], to: first)
        #expect(second.spec["selector"] == ["matchLabels": ["b": "2"]])
        #expect(second.spec["containers"]?[0]?["args"] == ["3"])
    }

    @Test func elementsAreToldApartByAllTheirKeysWithDefaults() throws {
        let first = try apply([
            "containers": [["name": "c", "ports": [["containerPort": 53], ["containerPort": 53, "protocol": "UDP"]]]]
        ])
        let second = try apply(
            ["containers": [["name": "c", "ports": [["containerPort": 53, "name": "dns", "protocol": "TCP"]]]]],
            to: first)
        #expect(
            second.spec["containers"]?[0]?["ports"] == [["containerPort": 53, "name": "dns", "protocol": "TCP"]])
        #expect(fields(second, "a")?.contains(#"k:{\"containerPort\":53,\"protocol\":\"TCP\"}"#) == true)
    }

    @Test func orderFollowsTheAppliedConfiguration() throws {
        let first = try apply(["names": ["1", "2", "3", "4"]], by: "a")
        let second = try apply(["names": ["4", "new", "2"]], to: first, by: "b")
        #expect(second.spec["names"] == ["1", "3", "4", "new", "2"])
    }

    @Test func defaultsGoWithTheObjectAroundThem() throws {
        var object = try apply(["strategy": ["maxSurge": 1], "replicas": 1])
        object.spec["strategy"]?["type"] = "RollingUpdate"
        let second = try apply(["replicas": 1], to: object)
        #expect(second.spec == ["replicas": 1])
    }

    @Test func anotherManagersPartOfAnObjectStays() throws {
        let first = try apply(["strategy": ["maxSurge": 1]], by: "a")
        let second = update(first, by: "b") { $0.spec["strategy"]?["type"] = "Recreate" }
        #expect(try apply([:], to: second, by: "a").spec == ["strategy": ["type": "Recreate"]])
    }

    @Test func freeFormObjectsAreOwnedByMember() throws {
        let first = try apply(["free": ["x": ["y": 1, "list": [1, 2]]]], by: "a")
        let second = try apply(["free": ["x": ["z": 2]]], to: first, by: "b")
        #expect(second.spec["free"] == ["x": ["y": 1, "list": [1, 2], "z": 2]])
        #expect(
            fields(second, "a") == #"{"f:spec":{"f:free":{"f:x":{".":{},"f:list":{},"f:y":{}}}}}"#)
    }

    @Test func metadataIsOwnedPerKeyAndTheServersPartByNobody() throws {
        var config = TestSchema.workload([:])
        config.labels = ["app": "web"]
        config.finalizers = ["f"]
        config.uid = "made-up"
        var live = try ServerSideApply.apply(
            config: config, to: nil, manager: "a", force: false, subresource: nil, schema: schema, now: "T1")
        #expect(
            fields(live, "a")
                == #"{"f:metadata":{"f:finalizers":{"v:\"f\"":{}},"f:labels":{"f:app":{}}},"f:spec":{}}"#)
        live.uid = "u1"
        live.resourceVersion = "7"
        live.generation = 3
        live.creationTimestamp = "T0"
        live = update(live, by: "edit") { $0.labels["other"] = "x" }
        config.labels = [:]
        let second = try ServerSideApply.apply(
            config: config, to: live, manager: "a", force: false, subresource: nil, schema: schema, now: "T2")
        #expect(second.uid == "u1")
        #expect(second.resourceVersion == "7")
        #expect(second.generation == 3)
        #expect(second.creationTimestamp == "T0")
        #expect(second.labels == ["other": "x"])
        #expect(second.finalizers == ["f"])
    }

    @Test func anObjectThatWasNeverTrackedBelongsToItsFirstEntry() throws {
        let live = TestSchema.workload(["replicas": 1, "paused": true])
        let status = #expect(throws: Status.self) { try apply(["replicas": 2], to: live) }
        #expect(status?.message.contains("\"before-first-apply\" using test/v1: .spec.replicas") == true)
        let shared = try apply(["replicas": 1], to: live)
        #expect(fields(shared, "before-first-apply") == #"{"f:spec":{"f:paused":{},"f:replicas":{}}}"#)
    }

    @Test func statusIsAppliedBySubresourceOnly() throws {
        var config = TestSchema.workload(["replicas": 1])
        config.status = ["phase": "Ready"]
        let object = try ServerSideApply.apply(
            config: config, to: nil, manager: "a", force: false, subresource: nil, schema: schema, hasStatus: true,
            now: "T1")
        #expect(object.json["status"] == nil)
        config.spec = ["replicas": 9]
        let second = try ServerSideApply.apply(
            config: config, to: object, manager: "a", force: false, subresource: "status", schema: schema,
            hasStatus: true, now: "T2")
        #expect(second.spec == ["replicas": 1])
        #expect(second.status == ["phase": "Ready"])
        let entries = second["metadata", "managedFields"]?.arrayValue ?? []
        #expect(entries.map { $0["subresource"]?.stringValue } == [nil, "status"])
        #expect(entries.last?["fieldsV1"] == ["f:status": ["f:phase": [:]]])
    }

    @Test func managedFieldsInAnAppliedConfigurationAreRefused() throws {
        var config = try apply(["replicas": 1])
        config.spec = ["replicas": 2]
        #expect(throws: Status.self) {
            try ServerSideApply.apply(
                config: config, to: nil, manager: "a", force: true, subresource: nil, schema: schema, now: "")
        }
    }
}
