package import KubeModel
package import ObjectStore

/// The resources that a server serves at one moment: an immutable value, which each request keeps for as long as it
/// lasts.
package struct ResourceRegistry: Sendable {
    /// In the order in which they were given, which is that of discovery.
    package let definitions: [ResourceDefinition]
    /// The names of all CustomResourceDefinitions, by the names of their objects.
    let customNames: [String: CustomResourceNames]
    /// Of the documents that tell of custom resources.
    let openAPIHashes = OpenAPIHashes()
    private let byAddress: [Address: Int]
    private let byResource: [GroupResource: Int]

    private struct Address: Hashable {
        var group: String
        var version: String
        var plural: String
    }

    /// Of two definitions with the same group, version and plural the last counts.
    package init(_ definitions: [ResourceDefinition]) { self.init(definitions, customNames: [:]) }

    init(_ definitions: [ResourceDefinition], customNames: [String: CustomResourceNames]) {
        self.definitions = definitions
        self.customNames = customNames
        var byAddress: [Address: Int] = [:]
        var byResource: [GroupResource: Int] = [:]
        for (index, definition) in definitions.enumerated() {
            let resource = definition.resource
            byAddress[Address(group: resource.group, version: resource.version, plural: resource.plural)] = index
            let stored = GroupResource(resource)
            if byResource[stored] == nil || definition.customDefinition?.isStorageVersion ?? true {
                byResource[stored] = index
            }
        }
        self.byAddress = byAddress
        self.byResource = byResource
    }

    /// The definition of a resource in the version in which it is stored, if that is served.
    package subscript(resource: GroupResource) -> ResourceDefinition? { byResource[resource].map { definitions[$0] } }

    package func definition(group: String, version: String, plural: String) -> ResourceDefinition? {
        byAddress[Address(group: group, version: version, plural: plural)].map { definitions[$0] }
    }

    package func definition(_ gvk: GroupVersionKind) -> ResourceDefinition? {
        definitions.first { $0.resource.gvk == gvk }
    }

    /// Throws a 404 where the server serves no such resource.
    package func definition(_ resource: Resource) throws(Status) -> ResourceDefinition {
        let found = definition(group: resource.group, version: resource.version, plural: resource.plural)
        guard let found, found.resource == resource else { throw .noSuchResource }
        return found
    }
}
