import FoundationEssentials
import JSONModel
import KubeModel
import Testing

@testable import ServingAPI

/// The texts that the schemas are written in.
@Suite struct SchemaTextsTests {
    @Test func `every line of every text is understood`() { #expect(SchemaLibrary.served.problems == []) }

    @Test func `every type is described and has fields`() {
        for name in SchemaLibrary.served.names {
            let schema = SchemaLibrary.served.schema(name)
            #expect(!schema.description.isEmpty && !schema.properties.isEmpty, "\(name)")
        }
    }

    @Test func `types of one name are the same, whatever stands around them`() {
        var seen: [String: Schema] = [:]
        for definition in ServingKinds.definitions {
            for schema in definition.schema.types {
                let plain = schema.with {
                    $0.description = ""
                    $0.defaultValue = nil
                    $0.isNullable = false
                }
                #expect(seen[schema.typeName].map { $0 == plain } ?? true, "\(schema.typeName)")
                seen[schema.typeName] = plain
            }
        }
    }

    @Test func `a pod's template is complete`() {
        let spec = Schema.podSpec
        #expect(spec.properties.count >= 42)
        #expect(Schema.container.properties.count >= 25)
        #expect(spec.properties["volumes"]?.items.first?.properties.count ?? 0 >= 31)
        #expect(spec.properties["ephemeralContainers"]?.items.first?.properties["targetContainerName"] != nil)
    }

    /// Views read fields by name; a name that no schema of their kind has is a slip.
    @Test(
        "Views read fields that their kinds have",
        arguments: [
            ("InferenceService", ["isvc.InferenceService"]), ("ServingRuntime", ["runtime.ServingRuntime"]),
            ("Revision", ["knative.Revision"]), ("Route", ["knative.Route", "knative.Service"]),
            ("Pod", ["core.Pod"]), ("HostImage", ["martlet.HostImage"]),
        ])
    func views(view: String, kinds: [String]) throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let source = try String(
            contentsOf: root.appending(path: "Sources/ServingAPI/Views/\(view).swift"), encoding: .utf8)
        let known = Set(kinds.flatMap { SchemaLibrary.served.resource($0).fieldNames })
        // The keys of components are no fields of a schema, but of a map.
        let read = source.matches(of: /\[(?:path: )?("\w+"(?:, "\w+")*)\]/).flatMap { match in
            match.1.split(separator: ", ").map { String($0.dropFirst().dropLast()) }
        }
        #expect(Set(read).subtracting(known).subtracting(["predictor"]) == [])
        #expect(!read.isEmpty)
    }
}

extension Schema {
    /// This schema, if it has a name, and those below it that have.
    fileprivate var types: [Schema] {
        (typeName.isEmpty ? [] : [self]) + (Array(properties.values) + items + additionalProperties).flatMap(\.types)
    }

    fileprivate var fieldNames: [String] {
        properties.keys + (Array(properties.values) + items + additionalProperties).flatMap(\.fieldNames)
    }
}
