import JSONModel
import KubeClient
import KubeModel
import ObjectStore
import ServingAPI
import Testing

@testable import APIServer

@Suite struct HTTPTableTests {
    static let definition = ResourceDefinition(
        Resource(group: "x.dev", version: "v1", kind: "Thing", plural: "things"), singular: "thing",
        printerColumns: [
            .init("Ready", ".status.conditions[?(@.type=='Ready')].status"),
            .init("Count", ".spec.count", type: "integer"), .init("Names", ".spec.names[*]", priority: 1),
            .init("Age", ".metadata.creationTimestamp", type: "date"),
        ], schema: .anyObject)

    static let thing = Object([
        "metadata": ["name": "t", "creationTimestamp": "2027-01-15T08:00:00Z", "resourceVersion": "5"],
        "spec": ["count": 3, "names": ["a", "b"]],
        "status": ["conditions": [["type": "Other", "status": "False"], ["type": "Ready", "status": "True"]]],
    ])

    static func builder(_ inclusion: TableBuilder.Inclusion = .metadata) -> TableBuilder {
        TableBuilder(definition, inclusion: inclusion, now: { 1_800_000_000 + 90 })
    }

    @Test("Cells are read by the columns' paths, behind the name")
    func cells() {
        let table = Self.builder().table([Self.thing], metadata: ["resourceVersion": "9"])
        #expect(table["rows"]?[0]?["cells"] == ["t", "True", 3, "a,b", "90s"])
        let columns = table["columnDefinitions"]?.arrayValue ?? []
        #expect(columns.map { $0["name"] } == ["Name", "Ready", "Count", "Names", "Age"])
        #expect(columns.map { $0["format"] } == ["name", "", "", "", ""])
        #expect(columns.map { $0["priority"] } == [0, 0, 0, 1, 0])
        #expect(table[path: "metadata", "resourceVersion"] == "9")
    }

    @Test("What is not there has an empty cell")
    func missing() {
        let table = Self.builder().table([Object(["metadata": ["name": "t"]])], metadata: [:])
        #expect(table["rows"]?[0]?["cells"] == ["t", .null, .null, .null, "<unknown>"])
    }

    @Test("A row brings as much of its object as was asked for")
    func inclusion() {
        func object(_ inclusion: TableBuilder.Inclusion) -> JSONValue? {
            Self.builder(inclusion).table([Self.thing], metadata: [:])["rows"]?[0]?["object"]
        }
        #expect(object(.none) == nil)
        #expect(object(.metadata)?["kind"] == "PartialObjectMetadata")
        #expect(object(.metadata)?["spec"] == nil)
        #expect(object(.object) == Self.thing.json)
    }

    @Test("Only the first table of a watch has columns; bookmarks are none")
    func watch() throws {
        let rendering = Rendering(form: .table, table: Self.builder())
        func line(_ notice: WatchNotice, isFirst: Bool) throws -> JSONValue {
            var bytes: [UInt8] = []
            try rendering.append(notice, isFirst: isFirst, to: &bytes)
            return try JSONValue(parsing: bytes)
        }
        let thing = ObjectVersion(Self.thing)
        let first = try line(.object(.added, thing), isFirst: true)
        #expect(first["type"] == "ADDED")
        #expect(first[path: "object", "columnDefinitions"]?.arrayValue?.count == 5)
        let second = try line(.object(.modified, thing), isFirst: false)
        #expect(second[path: "object", "columnDefinitions"] == [])
        let bookmark = try line(.bookmark(revision: 7), isFirst: false)
        #expect(bookmark[path: "object", "kind"] == "Thing")
    }

    @Test("Lists and objects come as metadata alone where that is asked for")
    func metadata() {
        let rendering = Rendering(form: .metadata, table: Self.builder())
        let list = rendering.list(ObjectList(items: [Self.thing], resourceVersion: "9", continueToken: "c"))
        #expect(list["kind"] == "PartialObjectMetadataList")
        #expect(list[path: "metadata", "continue"] == "c")
        #expect(list["items"]?[0]?["spec"] == nil)
        #expect(rendering.object(Self.thing)["metadata"] == Self.thing.json["metadata"])
    }

    @Test("Every kind of the product makes a table", arguments: ServingKinds.definitions.map(\.resource))
    func kinds(_ resource: Resource) throws {
        let definition = try #require(ServingKinds.definition(of: resource))
        let table = TableBuilder(definition, now: { 0 })
            .table([Object(resource, name: "x")], metadata: [:])
        let cells = table["rows"]?[0]?["cells"]?.arrayValue
        #expect(cells?.count == table["columnDefinitions"]?.arrayValue?.count)
        #expect(cells?.first == "x" || resource == .events)
    }
}
