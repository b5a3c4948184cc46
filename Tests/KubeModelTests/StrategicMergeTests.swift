import JSONModel
import Testing

@testable import KubeModel

@Suite("Strategic merge")
struct StrategicMergeTests {
    static let live: JSONValue = [
        "spec": [
            "replicas": 1, "names": ["a", "b"], "strategy": ["type": "RollingUpdate", "maxSurge": 1],
            "selector": ["matchLabels": ["x": "1"]],
            "containers": [
                [
                    "name": "main", "image": "x", "args": ["1"],
                    "env": [["name": "A", "value": "1"], ["name": "B", "value": "2"]],
                ], ["name": "side", "image": "s"],
            ],
        ]
    ]

    func merge(_ spec: JSONValue) throws -> JSONValue? {
        try TestSchema.workload.asResource.strategicMerge(["spec": spec], into: Self.live)["spec"]
    }

    @Test func objectsAreMergedAndNullRemoves() throws {
        let spec = try merge(["replicas": .null, "strategy": ["maxSurge": 2], "paused": true, "free": ["a": .null]])
        #expect(spec?["replicas"] == nil)
        #expect(spec?["strategy"] == ["type": "RollingUpdate", "maxSurge": 2])
        #expect(spec?["paused"] == true)
        #expect(spec?["free"] == [:], "a null that removes nothing is not stored")
    }

    @Test func listsAreMergedByTheirKey() throws {
        let spec = try merge([
            "containers": [
                ["name": "side", "image": "t"],
                ["name": "main", "args": ["2"], "env": [["name": "B", "value": "3"], ["name": "C", "value": "4"]]],
                ["name": "new", "image": "n"],
            ]
        ])
        #expect(
            spec?["containers"] == [
                ["name": "side", "image": "t"],
                [
                    "name": "main", "image": "x", "args": ["2"],
                    "env": [
                        ["name": "A", "value": "1"], ["name": "B", "value": "3"], ["name": "C", "value": "4"],
                    ],
                ], ["name": "new", "image": "n"],
            ], "the elements of the patch in its order")
    }

    @Test func setsAreUnitedAndOtherListsReplaced() throws {
        #expect(try merge(["names": ["b", "c"]])?["names"] == ["a", "b", "c"])
        #expect(try merge(["containers": [["name": "main", "args": []]]])?["containers"]?[0]?["args"] == [])
    }

    @Test func directivesDeleteAndReplace() throws {
        #expect(
            try merge(["containers": [["name": "main", "$patch": "delete"]]])?["containers"] == [
                ["name": "side", "image": "s"]
            ])
        #expect(
            try merge(["containers": [["$patch": "replace"], ["name": "only"]]])?["containers"] == [["name": "only"]])
        #expect(
            try merge(["strategy": ["$patch": "replace", "type": "Recreate"]])?["strategy"] == ["type": "Recreate"])
        #expect(try merge(["strategy": ["$patch": "delete"]])?["strategy"] == [:])
        #expect(
            try merge(["strategy": ["$retainKeys": ["type"], "type": "Recreate"]])?["strategy"] == ["type": "Recreate"])
        #expect(try merge(["$deleteFromPrimitiveList/names": ["a"], "names": ["c"]])?["names"] == ["c", "b"])
        #expect(try merge(["$deleteFromPrimitiveList/missing": ["a"]]) == Self.live["spec"])
    }

    @Test func orderIsSetWhereItIsAsked() throws {
        let spec = try merge([
            "$setElementOrder/containers": [["name": "new"], ["name": "side"], ["name": "main"]],
            "$setElementOrder/names": ["b", "a"], "containers": [["name": "new"]],
        ])
        #expect(
            spec?["containers"]?.arrayValue?.compactMap { $0["name"]?.stringValue } == ["new", "side", "main"])
        #expect(spec?["names"] == ["b", "a"])
        #expect(spec?.text.contains("$") == false)
    }

    @Test func directivesInNewElementsAreNotStored() throws {
        let spec = try merge([
            "containers": [["name": "new", "$setElementOrder/env": [["name": "A"]], "env": [["name": "A"]]]]
        ])
        #expect(spec?["containers"]?[0] == ["name": "new", "env": [["name": "A"]]])
    }

    @Test(
        arguments: [
            ["containers": [["image": "x"]]], ["strategy": ["$patch": "explode"]],
        ] as [JSONValue])
    func whatCannotBeUnderstoodIsRefused(spec: JSONValue) {
        let status = #expect(throws: Status.self) { try merge(spec) }
        #expect(status?.code == 400)
    }

    @Test func aContainerIsMergedByItself() throws {
        let merged = try TestSchema.container.strategicMerge(
            ["name": "main", "env": [["name": "A", "value": "2"]]], into: ["name": "main", "env": [["name": "A"]]])
        #expect(merged == ["name": "main", "env": [["name": "A", "value": "2"]]])
    }
}
