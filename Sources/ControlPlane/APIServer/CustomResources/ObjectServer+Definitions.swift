import KubeModel
import ObjectStore
import ServingAPI

extension ObjectServer {
    /// Ends the watch of a custom resource when its definition goes, or serves its version no longer. `nil` where there
    /// is nothing to observe.
    func endWithDefinition(_ watch: Watch, _ definition: ResourceDefinition) -> ChangeObservation? {
        guard definition.customDefinition != nil else { return nil }
        let (name, resource) = (definition.resource.description, definition.resource)
        return store.hub.observe(GroupResource(.customResourceDefinitions)) { change in
            guard change.version.key.name == name, let object = try? change.version.object() else { return }
            let isServed =
                change.kind != .deleted
                && CustomResourceDefinition(object).definitions.contains { $0.resource == resource }
            if !isServed { watch.end() }
        }
    }
}
