package import KubeModel

/// Where the objects of a resource are kept, whatever their version: `pods`, `deployments.apps`.
package struct GroupResource: Sendable, Hashable, CustomStringConvertible {
    package let name: String

    package init(_ resource: Resource) { name = resource.description }

    init(name: String) { self.name = name }

    package var description: String { name }
}

/// An object and the resource that it is one of.
package struct StoredObject: Sendable {
    package var resource: GroupResource
    package var object: Object

    package init(resource: GroupResource, object: Object) {
        self.resource = resource
        self.object = object
    }
}
