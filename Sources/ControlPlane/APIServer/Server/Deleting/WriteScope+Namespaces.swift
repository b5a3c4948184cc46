import JSONModel
import KubeClient
import KubeModel
import ObjectStore
import ServingAPI

// The life of namespaces.
extension WriteScope {
    private static let stored = GroupResource(.namespaces)

    private func namespace(_ name: String) throws -> Object? {
        try snapshot.object(Self.stored, ObjectKey(name: name))
    }

    func isPermanent(_ object: Object, _ resource: Resource) -> Bool {
        resource.isNamespaces && ObjectServer.permanentNamespaces.contains(object.name)
    }

    /// Makes a namespace where there is none of that name.
    mutating func makeNamespace(_ name: String, _ definition: ResourceDefinition) throws {
        guard try namespace(name) == nil else { return }
        let request = WriteRequest(definition: definition, key: ObjectKey(name: name), options: WriteOptions())
        _ = try create(Object(.namespaces, name: name), request)
    }

    /// Refuses to create something in a namespace that does not exist, or that is going.
    func requireLiveNamespace(_ object: Object, _ resource: Resource) throws {
        guard let name = object.namespace else { return }
        guard let namespace = try namespace(name) else { throw Status.notFound(.namespaces, name) }
        guard namespace.isBeingDeleted else { return }
        let why = "unable to create new content in namespace \(name) because it is being terminated"
        let cause = Status.Cause(
            reason: "NamespaceTerminating", message: "namespace \(name) is being terminated",
            field: "metadata.namespace")
        throw Status.forbidden(resource, object.name, why, causes: [cause])
    }

    /// Deletes what is in the namespace, and the namespace with it or as soon as the last of it is gone.
    mutating func deleteNamespace(_ object: Object, _ request: DeleteRequest) throws -> DeleteOutcome {
        guard !object.isBeingDeleted else { return DeleteOutcome(object: object, isGone: false) }
        var marked = object
        mark(&marked, gracePeriod: 0)
        marked.json[path: "metadata", "deletionGracePeriodSeconds"] = nil
        marked.json["status"] = ["phase": "Terminating"]
        let terminating = try transaction.replace(object, with: marked, Self.stored)
        for stored in try snapshot.contents(ofNamespace: object.name) {
            guard let current = try snapshot.object(stored.resource, stored.object.key) else { continue }
            try collect(StoredObject(resource: stored.resource, object: current))
            try settle()
        }
        try finishNamespace(object.name)
        guard let current = try namespace(object.name) else { return DeleteOutcome(object: terminating, isGone: true) }
        let waiting = NamespaceRemains(try snapshot.contents(ofNamespace: object.name)).conditions
        var told = current
        told.setConditions(waiting, now: timestamp())
        told = try transaction.replace(current, with: told, Self.stored)
        return DeleteOutcome(object: told, isGone: false)
    }

    /// Lets a namespace go that is deleted and empty.
    mutating func finishNamespace(_ name: String) throws {
        guard let namespace = try namespace(name) else { return }
        _ = try letGo(namespace, as: namespace, Self.stored)
    }
}

extension Resource {
    var isNamespaces: Bool { self == .namespaces }
}
