package import KubeModel
package import ObjectStore

/// The resources that a server serves.
package struct ResourceRegistry: Sendable {
    /// In the order in which they were given, which is that of discovery.
    package let definitions: [ResourceDefinition]
    private let byResource: [GroupResource: ResourceDefinition]

    /// Of two definitions with the same group and plural the last counts.
    package init(_ definitions: [ResourceDefinition]) {
        self.definitions = definitions
        byResource = Dictionary(
            definitions.map { (GroupResource($0.resource), $0) }, uniquingKeysWith: { _, last in last })
    }

    package subscript(resource: GroupResource) -> ResourceDefinition? { byResource[resource] }

    package func definition(group: String, version: String, plural: String) -> ResourceDefinition? {
        definitions.first {
            $0.resource.group == group && $0.resource.version == version && $0.resource.plural == plural
        }
    }

    package func definition(_ gvk: GroupVersionKind) -> ResourceDefinition? {
        definitions.first { $0.resource.gvk == gvk }
    }

    /// Throws a 404 where the server serves no such resource.
    package func definition(_ resource: Resource) throws(Status) -> ResourceDefinition {
        guard let definition = byResource[GroupResource(resource)], definition.resource == resource else {
            throw .noSuchResource
        }
        return definition
    }
}
