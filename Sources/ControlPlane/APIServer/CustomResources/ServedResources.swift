import KubeModel
import ObjectStore
import Synchronization

/// What is served right now: the built-in resources, and those of the CustomResourceDefinitions in the store.
///
/// It hears of each change of a definition before the one who made it does: what was created is served when its creation
/// is acknowledged.
final class ServedResources: Sendable {
    private struct State {
        var custom: [String: CustomResourceDefinition] = [:]
        var registry: ResourceRegistry
    }

    private let builtIn: [ResourceDefinition]
    /// The names that custom definitions cannot take: `inferenceservices.serving.kserve.io`.
    private let builtInNames: Set<String>
    private let state: Mutex<State>

    init(_ builtIn: [ResourceDefinition]) {
        let names = Set(builtIn.map { $0.resource.description })
        builtInNames = names
        self.builtIn = builtIn.map { $0.knowingCustomResources(besides: names) }
        state = Mutex(State(registry: ResourceRegistry(self.builtIn)))
    }

    var current: ResourceRegistry { state.withLock { $0.registry } }

    /// Serves the resources of `objects`, and no other custom ones.
    func load(_ objects: [Object]) {
        let definitions = objects.map(CustomResourceDefinition.init)
        state.withLock { state in
            state.custom = Dictionary(definitions.map { ($0.name, $0) }, uniquingKeysWith: { _, last in last })
            state.registry = registry(state.custom)
        }
    }

    /// Follows a change of a CustomResourceDefinition.
    func take(_ change: Change) {
        let name = change.version.key.name
        let object = change.kind == .deleted ? nil : try? change.version.object()
        let definition = object.map(CustomResourceDefinition.init)
        state.withLock { state in
            state.custom[name] = definition
            state.registry = registry(state.custom)
        }
    }

    private func registry(_ custom: [String: CustomResourceDefinition]) -> ResourceRegistry {
        let sorted = custom.values.sorted { $0.name < $1.name }
        return ResourceRegistry(
            builtIn + sorted.filter { !builtInNames.contains($0.name) }.flatMap(\.definitions),
            customNames: custom.mapValues(\.names))
    }
}

extension ResourceDefinition {
    /// The definition of CustomResourceDefinitions with what only the server that serves them can know.
    fileprivate func knowingCustomResources(besides builtIn: Set<String>) -> ResourceDefinition {
        var definition = self
        if resource.group == "admissionregistration.k8s.io" {
            definition.validation = { [validation] object, old in
                validation(object, old) + MatchConditions.causes(object)
            }
        }
        guard resource.isCustomResourceDefinitions else { return definition }
        definition.defaulting = { [defaulting] object, old in
            defaulting(&object, old)
            DefinitionDefaulting.apply(&object)
        }
        definition.validation = DefinitionValidation.causes
        definition.warnings = { object, _ in
            builtIn.contains(object.name)
                ? ["\(object.name) is served by Martlet itself: the schema of this definition is not used"] : []
        }
        return definition
    }
}

extension Resource {
    static let customResourceDefinitionsName = "customresourcedefinitions.apiextensions.k8s.io"

    var isCustomResourceDefinitions: Bool { group == "apiextensions.k8s.io" && plural == "customresourcedefinitions" }
}
