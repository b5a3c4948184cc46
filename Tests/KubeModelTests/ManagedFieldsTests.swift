import JSONModel
import Testing

@testable import KubeModel

@Suite("managedFields of ordinary writes")
struct ManagedFieldsTests {
    func record(_ old: Object?, _ new: Object, by manager: String, subresource: String? = nil, now: String) -> Object {
        ManagedFields.recordUpdate(
            old: old, new: new, manager: manager, subresource: subresource, schema: TestSchema.workload, now: now)
    }

    func entry(_ object: Object, _ manager: String) -> JSONValue? {
        object["metadata", "managedFields"]?.arrayValue?.first { $0["manager"]?.stringValue == manager }
    }

    @Test func aCreatorOwnsEverythingIncludingTheObjectsAroundIt() {
        var object = TestSchema.workload(["replicas": 1, "containers": [["name": "c"]]])
        object.labels = ["app": "web"]
        let created = record(nil, object, by: "kubectl-create", now: "T1")
        #expect(
            entry(created, "kubectl-create") == [
                "manager": "kubectl-create", "operation": "Update", "apiVersion": "test/v1", "time": "T1",
                "fieldsType": "FieldsV1",
                "fieldsV1": [
                    "f:metadata": ["f:labels": [".": [:], "f:app": [:]]],
                    "f:spec": [
                        ".": [:], "f:replicas": [:],
                        "f:containers": [".": [:], #"k:{"name":"c"}"#: [".": [:], "f:name": [:]]],
                    ],
                ],
            ])
    }

    @Test func aWriteThatChangesNothingLeavesTheFieldsAlone() {
        let created = record(nil, TestSchema.workload(["replicas": 1]), by: "a", now: "T1")
        #expect(record(created, created, by: "b", now: "T2") == created)
    }

    @Test func whatOneChangesIsNoLongerTheOthers() {
        let created = record(nil, TestSchema.workload(["replicas": 1, "paused": true]), by: "a", now: "T1")
        var changed = created
        changed.spec["replicas"] = 2
        let written = record(created, changed, by: "b", now: "T2")
        #expect(entry(written, "b")?["fieldsV1"] == ["f:spec": ["f:replicas": [:]]])
        #expect(entry(written, "a")?["fieldsV1"] == ["f:spec": [".": [:], "f:paused": [:]]])
        #expect(entry(written, "a")?["time"] == "T1")
        #expect(entry(written, "b")?["time"] == "T2")
    }

    @Test func removedFieldsHaveNoOwnerAndEmptyEntriesGo() {
        let first = record(nil, TestSchema.workload(["replicas": 1]), by: "a", now: "T1")
        var second = first
        second.spec["paused"] = true
        second = record(first, second, by: "b", now: "T2")
        var third = second
        third.spec["paused"] = nil
        third = record(second, third, by: "c", now: "T3")
        #expect(entry(third, "b") == nil)
        #expect(entry(third, "c") == nil)
        #expect(third == first)
    }

    @Test func aSubresourceHasItsOwnEntry() {
        let first = record(nil, TestSchema.workload(["replicas": 1]), by: "a", now: "T1")
        var second = first
        second.status = ["phase": "Ready"]
        second["metadata", "managedFields"] = nil
        let written = record(first, second, by: "a", subresource: "status", now: "T2")
        let entries = written["metadata", "managedFields"]?.arrayValue ?? []
        #expect(entries.count == 2)
        #expect(entries.last?["subresource"] == "status")
        #expect(entries.last?["fieldsV1"] == ["f:status": [".": [:], "f:phase": [:]]])
    }

    @Test func aClientMayReleaseEverythingButNotByAccident() {
        let first = record(nil, TestSchema.workload(["replicas": 1]), by: "a", now: "T1")
        var released = first
        released["metadata", "managedFields"] = [[:]]
        #expect(record(first, released, by: "b", now: "T2")["metadata", "managedFields"] == nil)
        var forgotten = first
        forgotten["metadata", "managedFields"] = nil
        #expect(record(first, forgotten, by: "b", now: "T2") == first)
    }

    @Test func theOldestOfManyWritersAreJoined() {
        var object = record(nil, TestSchema.workload(["free": [:]]), by: "m0", now: "T00")
        for index in 1...14 {
            var next = object
            next.spec["free"]?["k\(index)"] = 1
            object = record(object, next, by: "m\(index)", now: index < 10 ? "T0\(index)" : "T\(index)")
        }
        let entries = object["metadata", "managedFields"]?.arrayValue ?? []
        #expect(entries.count == 10)
        #expect(entry(object, "ancient-changes") != nil)
        #expect(entry(object, "m14") != nil)
        #expect(entry(object, "m1") == nil)
    }
}

@Suite("Field sets")
struct FieldSetTests {
    static let texts = [
        #"{}"#, #"{"f:a":{}}"#, #"{"f:a":{".":{},"f:b":{}}}"#, #"{"f:a":{"k:{\"name\":\"x\"}":{".":{},"f:b":{}}}}"#,
        #"{"f:a":{"v:\"x\"":{},"v:1":{}},"i:0":{}}"#,
    ]

    @Test(arguments: texts)
    func areWrittenAsTheyWereRead(text: String) throws {
        let json = try JSONValue(text)
        #expect(FieldSet(fieldsV1: json)?.fieldsV1 == json)
    }

    @Test(arguments: [#"[]"#, #"{"x:a":{}}"#, #"{"k:[]":{}}"#, #"{"v:{":{}}"#, #"{"f:a":1}"#])
    func malformedTextIsNone(text: String) throws {
        #expect(FieldSet(fieldsV1: try JSONValue(text)) == nil)
    }

    @Test(arguments: texts, texts)
    func unionAndDifferenceAgree(left: String, right: String) throws {
        let left = try #require(FieldSet(fieldsV1: JSONValue(left)))
        let right = try #require(FieldSet(fieldsV1: JSONValue(right)))
        let union = left.union(right)
        #expect(Set(union.paths) == Set(left.paths).union(right.paths))
        #expect(Set(left.subtracting(right).paths) == Set(left.paths).subtracting(right.paths))
        #expect(Set(left.intersection(right).paths) == Set(left.paths).intersection(right.paths))
        #expect(left.subtracting(right).union(left.intersection(right)) == left)
    }
}
