import JSONModel
import KubeClient
import KubeModel
import ObjectStore

extension WriteScope {
    mutating func replace(with object: Object, _ request: WriteRequest) throws -> WriteOutcome {
        if case .scale(let scale) = request.subresource { return try replaceScale(with: object, scale, request) }
        let proposed = try addressed(object, request)
        let key = ObjectKey(namespace: proposed.namespace, name: proposed.name)
        return try update(try existing(request.resource, key), to: proposed, request)
    }

    /// Stores `proposed` in the place of `current`, as far as the request's subresource lets it, and if it changes
    /// anything.
    mutating func update(_ current: Object, to proposed: Object, _ request: WriteRequest) throws -> WriteOutcome {
        try checkIdentity(proposed, current, request)
        try checkDeletion(proposed, current, request)
        var object = merged(proposed, current, request)
        let admission = try Admission(request)
        let onlyStatus = request.subresource.isStatus
        let warnings = try admission.complete(&object, old: current, onlyStatus: onlyStatus)
        try mutate(&object, old: current, admission, onlyStatus: onlyStatus)
        try admission.check(object, old: current, onlyStatus: onlyStatus)
        if !onlyStatus { try checkLimits(object, old: current, request) }
        if request.subresource.isStatus {
            object = merged(object, current, request)
        } else if request.resource.isCustomResourceDefinitions {
            establish(&object, old: current)
        }
        try request.review?(object, current)
        try endIfValid(object, old: current)
        if object.isUnchanged(from: current) { return WriteOutcome(object: current, warnings: warnings) }
        object = owned(object, since: current, request)
        if request.definition.hasGeneration,
            object.differsInContent(from: current, hasStatus: request.definition.hasStatus)
        {
            object.generation += 1
        }
        if try letGo(current, as: object, request.stored) { return WriteOutcome(object: object, warnings: warnings) }
        let stored = try transaction.replace(current, with: object, request.stored)
        if stored.ownerReferences != current.ownerReferences { try collectIfAbandoned(stored, request.stored) }
        return WriteOutcome(object: request.shown(stored, over: current), warnings: warnings)
    }

    /// Only a deletion sets the time of one.
    private func checkDeletion(_ proposed: Object, _ current: Object, _ request: WriteRequest) throws(Status) {
        guard let time = proposed.deletionTimestamp, time != current.deletionTimestamp, !request.isApplied,
            !request.subresource.isStatus
        else { return }
        let cause = Status.Cause.invalid(FieldPath("metadata", "deletionTimestamp"), time, "field is immutable")
        throw .invalid(request.resource.gvk, current.name, [cause])
    }

    private func checkIdentity(_ proposed: Object, _ current: Object, _ request: WriteRequest) throws(Status) {
        try checkName(proposed, request)
        guard proposed.name == current.name else {
            throw .badRequest(
                "the name of the object (\(proposed.name)) does not match the name of the stored one (\(current.name))")
        }
        guard proposed.uid.isEmpty || proposed.uid == current.uid else {
            throw .failedPrecondition(request.resource, current.name, "UID", proposed.uid, current.uid)
        }
        guard proposed.resourceVersion.isEmpty || proposed.resourceVersion == current.resourceVersion else {
            throw .modified(request.resource, current.name)
        }
    }

    /// What the request may change from `proposed`, all else from `current`.
    private func merged(_ proposed: Object, _ current: Object, _ request: WriteRequest) -> Object {
        if request.subresource.isStatus {
            var object = current.with(status: proposed.json["status"])
            if request.isApplied { object.managedFields = proposed.managedFields }
            return object
        }
        var object = proposed
        for key in Self.serverFields {
            object.json[path: "metadata", key] = current.json[path: "metadata", key]
        }
        if object.managedFields == nil { object.managedFields = current.managedFields }
        return request.definition.hasStatus ? object.with(status: current.json["status"]) : object
    }

    /// What of the metadata only the server changes.
    private static let serverFields = [
        "uid", "resourceVersion", "creationTimestamp", "deletionTimestamp", "deletionGracePeriodSeconds", "generation",
        "selfLink",
    ]
}

extension WriteScope {
    /// `object` with the account of who wrote which of its fields.
    func owned(_ object: Object, since old: Object?, _ request: WriteRequest) -> Object {
        guard !request.isApplied else { return object }
        return ManagedFields.recordUpdate(
            old: old, new: object, manager: request.manager, subresource: request.subresource.name,
            schema: request.definition.schema, now: timestamp())
    }
}

extension Object {
    var managedFields: JSONValue? {
        get { json[path: "metadata", "managedFields"] }
        set { json[path: "metadata", "managedFields"] = newValue }
    }

    func with(status: JSONValue?) -> Object {
        var copy = self
        copy.json["status"] = status
        return copy
    }

    /// Whether anything but the metadata differs, and the status where that is written by itself.
    func differsInContent(from other: Object, hasStatus: Bool) -> Bool {
        func content(_ object: Object) -> JSONObject? {
            var content = object.json.objectValue
            content?["metadata"] = nil
            if hasStatus { content?["status"] = nil }
            return content
        }
        return content(self) != content(other)
    }
}
