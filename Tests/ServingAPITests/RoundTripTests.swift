import JSONModel
import KubeModel
import Testing
import YAMLModel

@testable import ServingAPI

@Suite struct RoundTripTests {
    @Test("A manifest comes out of pruning as it went in", arguments: Fixtures.all)
    func keepsAll(yaml: String) throws {
        let json = try JSONValue(yaml: yaml)
        let object = Object(json)
        let definition = try #require(ServingKinds.definitions.first { $0.resource.gvk == object.gvk })
        var pruned = json
        #expect(definition.schema.prune(&pruned) == [])
        #expect(pruned.text == json.text)
        #expect(definition.schema.validate(pruned) == [])
    }

    @Test("A field that no schema knows is dropped and named, at every level", arguments: Fixtures.all)
    func dropsUnknown(yaml: String) throws {
        let json = try JSONValue(yaml: yaml)
        let object = Object(json)
        let definition = try #require(ServingKinds.definitions.first { $0.resource.gvk == object.gvk })
        var spoiled = json
        spoiled["unknown"] = 1
        var expected = ["unknown"]
        for field in ["spec", "data"] where json[field]?.objectValue != nil && field == "spec" {
            spoiled[path: field, "unknown"] = ["a": [1]]
            expected.append("spec.unknown")
        }
        #expect(definition.schema.prune(&spoiled).sorted() == expected.sorted())
        #expect(spoiled.text == json.text)
    }

    @Test(
        "Unknown fields deep inside are dropped",
        arguments: [
            ["spec", "predictor", "unknown"], ["spec", "predictor", "model", "unknown"],
            ["spec", "predictor", "model", "modelFormat", "unknown"],
            ["spec", "predictor", "model", "readinessProbe", "httpGet", "unknown"],
            ["spec", "predictor", "securityContext", "unknown"],
        ])
    func deep(path: [String]) throws {
        var json = try JSONValue(yaml: Fixtures.inferenceService)
        json[path.map { .key($0) }] = "x"
        let schema = ResourceDefinition.inferenceServices.schema
        #expect(schema.prune(&json) == [path.joined(separator: ".")])
        #expect(try json.text == JSONValue(yaml: Fixtures.inferenceService).text)
    }

    @Test(
        "Statuses keep what they do not know",
        arguments: [
            Resource.inferenceServices, .knativeServices, .configurations, .revisions, .routes, .podAutoscalers, .pods,
            .hostImages,
        ])
    func statuses(resource: Resource) throws {
        var object = Object(resource, name: "x")
        object["status", "unknown"] = ["a": 1]
        let before = object
        #expect(ServingKinds.definition(of: resource)?.schema.prune(&object.json) == [])
        #expect(object == before)
    }
}
