import KubeClient
import KubeModel
import ObjectStore

// Garbage collection: an object whose owners are all gone goes too.
extension WriteScope {
    /// Sees to what follows from the removals of this write, until nothing follows any more.
    mutating func settle() throws {
        while !removed.isEmpty {
            let (object, resource) = { ($0.object, $0.resource) }(removed.removeFirst())
            for dependent in try snapshot.dependents(ofUID: object.uid) { try release(dependent, from: object.uid) }
            for owner in object.ownerReferences where owner.blocksOwnerDeletion { try finishForeground(owner.uid) }
            if let namespace = object.namespace { try finishNamespace(namespace) }
            if registry[resource]?.customDefinition?.isTerminating == true { try finishDefinition(resource.name) }
        }
    }

    /// Deletes an object that refers to owners of which none exists. There is no owner whose removal would do it.
    mutating func collectIfAbandoned(_ object: Object, _ resource: GroupResource) throws {
        let owners = object.ownerReferences
        guard !owners.isEmpty, try !owners.contains(where: { try snapshot.contains(uid: $0.uid) }) else { return }
        try collect(StoredObject(resource: resource, object: object))
    }

    /// Deletes the dependent of a removed owner, or only its reference if it has another owner.
    private mutating func release(_ dependent: StoredObject, from uid: String) throws {
        guard !dependent.object.isBeingDeleted else { return }
        let others = dependent.object.ownerReferences.filter { $0.uid != uid }
        guard try others.contains(where: { try snapshot.contains(uid: $0.uid) }) else { return try collect(dependent) }
        try setOwners(others, of: dependent)
    }

    mutating func collect(_ stored: StoredObject, _ policy: DeletePolicy = .background) throws {
        guard let definition = registry[stored.resource] else {
            _ = try remove(stored.object, stored.resource)
            return
        }
        let request = DeleteRequest(definition: definition, options: DeleteOptions(), policy: policy)
        guard !isPermanent(stored.object, definition.resource) else { return }
        _ = try delete(stored.object, request)
    }

    func orphanDependents(of owner: Object) throws {
        for dependent in try snapshot.dependents(ofUID: owner.uid) {
            try setOwners(dependent.object.ownerReferences.filter { $0.uid != owner.uid }, of: dependent)
        }
    }

    private func setOwners(_ owners: [OwnerReference], of stored: StoredObject) throws {
        var object = stored.object
        object.ownerReferences = owners
        if let definition = registry[stored.resource] {
            object = ManagedFields.recordUpdate(
                old: stored.object, new: object, manager: "garbage-collector", subresource: nil,
                schema: definition.schema, now: timestamp())
        }
        _ = try transaction.replace(stored.object, with: object, stored.resource)
    }

    /// Deletes what `owner` owns, which waits for it with a finalizer; nothing may be left to wait for.
    mutating func deleteDependents(of owner: Object, _ request: DeleteRequest) throws -> DeleteOutcome {
        for dependent in try snapshot.dependents(ofUID: owner.uid) where !dependent.object.isBeingDeleted {
            // An earlier one of them may have taken this one along.
            guard let current = try snapshot.object(uid: dependent.object.uid) else { continue }
            try collect(current, .foreground)
        }
        try settle()
        try finishForeground(owner.uid)
        let current = try snapshot.object(request.stored, owner.key)
        return DeleteOutcome(object: current ?? owner, isGone: current == nil)
    }

    /// Lets an owner go that waits for what it owns, if that is gone.
    private mutating func finishForeground(_ uid: String) throws {
        guard let owner = try snapshot.object(uid: uid), owner.object.finalizers.contains(Self.foreground),
            try !snapshot.dependents(ofUID: uid).contains(where: { $0.object.blocksDeletion(ofOwner: uid) })
        else { return }
        var released = owner.object
        released.finalizers.removeAll { $0 == Self.foreground }
        if try letGo(owner.object, as: released, owner.resource) { return }
        _ = try transaction.replace(owner.object, with: released, owner.resource)
    }
}

extension Object {
    func blocksDeletion(ofOwner uid: String) -> Bool {
        ownerReferences.contains { $0.uid == uid && $0.blocksOwnerDeletion }
    }
}
