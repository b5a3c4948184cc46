import JSONModel
import KubeClient
import KubeModel
import ObjectStore
import ServingAPI

extension WriteScope {
    func check(_ request: DeleteRequest, _ object: Object) throws(Status) {
        if let uid = request.options.preconditionUID, uid != object.uid {
            throw .failedPrecondition(request.resource, object.name, "UID", uid, object.uid).aboutKind(request.resource)
        }
        if let version = request.options.preconditionResourceVersion, version != object.resourceVersion {
            throw .failedPrecondition(
                request.resource, object.name, "ResourceVersion", version, object.resourceVersion
            ).aboutKind(request.resource)
        }
        if isPermanent(object, request.resource) {
            throw .forbidden(request.resource, object.name, "this namespace may not be deleted")
        }
    }

    /// Deletes `object`: at once, or as soon as its finalizers, its grace period and its contents let it go.
    mutating func delete(_ object: Object, _ request: DeleteRequest) throws -> DeleteOutcome {
        if request.resource.isNamespaces { return try deleteNamespace(object, request) }
        if request.resource.isCustomResourceDefinitions { return try deleteDefinition(object, request) }
        if object.isBeingDeleted { return try hasten(object, request) }
        let grace = gracePeriod(object, request)
        var marked = object
        switch request.policy {
        case .background: break
        case .orphan: try orphanDependents(of: object)
        case .foreground:
            if try !snapshot.dependents(ofUID: object.uid).isEmpty { marked.finalizers.append(Self.foreground) }
        }
        if grace == 0, marked.finalizers.isEmpty { return try removed(object, request.stored) }
        mark(&marked, gracePeriod: grace)
        let kept = try transaction.replace(object, with: marked, request.stored)
        guard kept.finalizers.contains(Self.foreground) else { return DeleteOutcome(object: kept, isGone: false) }
        return try deleteDependents(of: kept, request)
    }

    /// The finalizer of an object that waits for those it owns.
    static let foreground = "foregroundDeletion"

    func mark(_ object: inout Object, gracePeriod: Int) {
        object.deletionTimestamp = timestamp(after: gracePeriod)
        object.json[path: "metadata", "deletionGracePeriodSeconds"] = .number(JSONNumber(gracePeriod))
        if object.generation > 0 { object.generation += 1 }
    }

    /// A second deletion can only shorten the time that is left.
    private mutating func hasten(_ object: Object, _ request: DeleteRequest) throws -> DeleteOutcome {
        let grace = gracePeriod(object, request)
        guard grace < object.deletionGracePeriodSeconds else { return DeleteOutcome(object: object, isGone: false) }
        if grace == 0, object.finalizers.isEmpty { return try removed(object, request.stored) }
        var hastened = object
        hastened.deletionTimestamp = timestamp(after: grace)
        hastened.json[path: "metadata", "deletionGracePeriodSeconds"] = .number(JSONNumber(grace))
        return DeleteOutcome(
            object: try transaction.replace(object, with: hastened, request.stored), isGone: false)
    }

    /// Seconds for which the object stays after its deletion. Only pods that run somewhere have any: whoever runs
    /// them deletes them again, with 0, when they have stopped.
    private func gracePeriod(_ object: Object, _ request: DeleteRequest) -> Int {
        guard request.resource == .pods, object.json[path: "spec", "nodeName"]?.stringValue?.isEmpty == false,
            !["Succeeded", "Failed"].contains(object.json[path: "status", "phase"]?.stringValue)
        else { return 0 }
        let specified = object.json[path: "spec", "terminationGracePeriodSeconds"]?.intValue ?? 30
        let seconds = request.options.gracePeriodSeconds ?? specified
        return seconds < 0 ? 1 : seconds
    }

    private mutating func removed(_ object: Object, _ resource: GroupResource) throws -> DeleteOutcome {
        DeleteOutcome(object: try remove(object, resource), isGone: true)
    }

    /// Takes out `current` if it was only kept by what a write that makes `object` of it takes away. Such a write is not
    /// stored: watchers hear of one deletion.
    mutating func letGo(_ current: Object, as object: Object, _ resource: GroupResource) throws -> Bool {
        guard object.isReadyToGo else { return false }
        let isNamespace = resource == GroupResource(.namespaces)
        if isNamespace, try !snapshot.isEmpty(namespace: object.name) { return false }
        _ = try remove(current, resource)
        return true
    }

    /// Takes the object out of the store. What it owned is seen to when the write settles.
    mutating func remove(_ object: Object, _ resource: GroupResource) throws -> Object {
        let last = try transaction.remove(object, resource)
        removed.append(StoredObject(resource: resource, object: last))
        return last
    }
}

extension Object {
    /// The time that its deletion left it; 0 for an object without any.
    var deletionGracePeriodSeconds: Int { json[path: "metadata", "deletionGracePeriodSeconds"]?.intValue ?? 0 }

    /// Whether it is deleted and nothing keeps it any more.
    var isReadyToGo: Bool { isBeingDeleted && finalizers.isEmpty && deletionGracePeriodSeconds == 0 }
}
