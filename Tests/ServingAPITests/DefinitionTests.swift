import JSONModel
import KubeModel
import Testing

@testable import ServingAPI

@Suite struct DefinitionTests {
    @Test func `every kind is defined once`() {
        let resources = ServingKinds.definitions.map(\.resource)
        #expect(Set(resources).count == resources.count)
        #expect(Set(resources.map(\.gvk)).count == resources.count)
    }

    @Test(
        "Short names are those of the real kinds",
        arguments: [
            (Resource.inferenceServices, ["isvc"]), (.knativeServices, ["kservice", "ksvc"]),
            (.configurations, ["config", "cfg"]), (.revisions, ["rev"]), (.routes, ["rt"]),
            (.podAutoscalers, ["kpa", "pa"]), (.pods, ["po"]), (.deployments, ["deploy"]), (.replicaSets, ["rs"]),
            (.services, ["svc"]),
            (.configMaps, ["cm"]), (.namespaces, ["ns"]), (.servingRuntimes, []),
        ])
    func shortNames(resource: Resource, names: [String]) {
        #expect(ServingKinds.definition(of: resource)?.shortNames == names)
    }

    @Test func `columns of computed tables have a cell each`() {
        for definition in ServingKinds.definitions {
            guard let cells = definition.tableCells else { continue }
            let object = Object(definition.resource, name: "x")
            #expect(cells(object, 0).count == definition.printerColumns.count, "\(definition.resource)")
        }
    }

    @Test func `computed columns start with the name or have it, path columns do not`() {
        for definition in ServingKinds.definitions {
            let hasName = definition.printerColumns.contains { $0.name == "Name" }
            #expect(hasName == (definition.tableCells != nil), "\(definition.resource)")
        }
    }

    @Test func `runtimes have no status of their own, the others that change do`() {
        let with = ServingKinds.definitions.filter(\.hasStatus).map(\.resource)
        #expect(!with.contains(.servingRuntimes))
        #expect(!with.contains(.clusterServingRuntimes))
        #expect(with.contains(.inferenceServices))
        #expect(with.contains(.pods))
        #expect(with.contains(.hostImages))
    }

    @Test func `deployments scale`() {
        #expect(ServingKinds.definition(of: .deployments)?.scale?.specReplicasPath == ".spec.replicas")
    }

    @Test func `every field that people write is described in one line`() {
        for definition in ServingKinds.definitions {
            for (path, schema) in definition.schema.fields(at: definition.resource.kind) {
                #expect(!schema.description.isEmpty, "\(path)")
                #expect(!schema.description.contains("\n"), "\(path)")
            }
        }
    }

    @Test func `list map keys are fields of the elements`() {
        for definition in ServingKinds.definitions {
            for (path, schema) in definition.schema.fields(at: definition.resource.kind) {
                for key in schema.listMapKeys {
                    #expect(schema.items.first?.properties[key] != nil, "\(path): \(key)")
                }
            }
        }
    }
}

extension Schema {
    /// The named fields of this schema and of those below, metadata aside.
    fileprivate func fields(at path: String) -> [(String, Schema)] {
        let below = properties.filter { $0.key != "metadata" }.flatMap { key, schema in
            [("\(path).\(key)", schema)] + schema.fields(at: "\(path).\(key)")
        }
        return below + (items + additionalProperties).flatMap { $0.fields(at: "\(path)[]") }
    }
}
