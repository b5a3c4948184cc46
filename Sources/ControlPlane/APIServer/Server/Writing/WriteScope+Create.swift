import JSONModel
import KubeClient
import KubeModel
import ObjectStore
import ServingAPI

extension WriteScope {
    mutating func create(_ object: Object, _ request: WriteRequest) throws -> WriteOutcome {
        guard request.subresource.name == nil else { throw Status.noSuchResource }
        var object = try addressed(object, request)
        guard object.resourceVersion.isEmpty else {
            throw Status.badRequest("resourceVersion should not be set on objects to be created")
        }
        try name(&object, request)
        begin(&object, request.definition)
        request.definition.settling?(&object, configMap)
        let admission = try Admission(request)
        let warnings = try admission.complete(&object, old: nil)
        try mutate(&object, old: nil, admission)
        try admission.check(object, old: nil)
        try checkLimits(object, old: nil, request)
        if request.resource.isCustomResourceDefinitions { establish(&object, old: nil) }
        try requireLiveDefinition(request.definition)
        try requireLiveNamespace(object, request.resource)
        try request.review?(object, nil)
        guard try snapshot.object(request.stored, object.key) == nil else {
            throw Status.alreadyExists(request.resource, object.name)
        }
        try endIfValid(object, old: nil)
        let created = try transaction.insert(owned(object, since: nil, request), request.stored)
        try collectIfAbandoned(created, request.stored)
        if request.resource == .events { try forgetOldEvents() }
        return WriteOutcome(object: request.shown(created, over: nil), isCreated: true, warnings: warnings)
    }

    private func configMap(_ key: ObjectKey) -> Object? {
        (try? snapshot.object(GroupResource(.configMaps), key))?.shown(as: .configMaps)
    }

    /// Throws what is wrong by the settings that hold now.
    func checkLimits(_ object: Object, old: Object?, _ request: WriteRequest) throws(Status) {
        let causes = request.definition.limits?(object, old, configMap) ?? []
        guard causes.isEmpty else { throw .invalid(request.definition.resource.gvk, object.name, causes) }
    }

    /// The object with the apiVersion, kind and namespace that the request's address says, if they do not contradict it.
    func addressed(_ object: Object, _ request: WriteRequest) throws(Status) -> Object {
        guard object.json.objectValue != nil else {
            throw .badRequest("the body must be an object, not \(object.json.typeName)")
        }
        var object = object
        try setType(&object, request)
        try dropEmptyMetadata(&object)
        guard request.resource.isNamespaced else {
            object.namespace = nil
            return object
        }
        let namespace = request.key.namespace ?? object.namespace ?? ""
        guard !namespace.isEmpty else { throw .badRequest("metadata.namespace: \(request.resource) are in namespaces") }
        guard object.namespace == nil || object.namespace == namespace else {
            throw .badRequest("the namespace of the provided object does not match the namespace sent on the request")
        }
        object.namespace = namespace
        return object
    }

    private func setType(_ object: inout Object, _ request: WriteRequest) throws(Status) {
        let resource = request.resource
        for (key, expected) in [("apiVersion", resource.apiVersion), ("kind", resource.kind)] {
            let given = object.json[key]?.stringValue ?? expected
            guard given == expected else {
                throw key == "kind" && !request.definition.takesStrategicMerge && !request.isApplied
                    ? wrongKind(given, object, resource)
                    : .badRequest(
                        "the \(key) in the data (\(given)) does not match the expected \(key) (\(expected))")
            }
            object.json[key] = .string(expected)
        }
    }

    /// Custom resources have one Go type for all kinds, so that a wrong one is not unreadable but invalid.
    private func wrongKind(_ kind: String, _ object: Object, _ resource: Resource) -> Status {
        let given = GroupVersionKind(group: resource.group, version: resource.version, kind: kind)
        return .invalid(
            given, object.name, [.invalid(FieldPath("kind"), "\"\(kind)\"", "must be \(resource.kind)")])
    }

    /// kubectl writes `creationTimestamp: null`; and empty maps and lists are as good as none.
    private func dropEmptyMetadata(_ object: inout Object) throws(Status) {
        let metadata = object.json["metadata"] ?? [:]
        guard let members = metadata.objectValue else {
            throw .badRequest("metadata must be an object, not \(metadata.typeName)")
        }
        let kept = members.filter { ![.null, [:], []].contains($0.value) }
        object.json["metadata"] = .object(JSONObject(kept.map { ($0.key, $0.value) }))
    }

    private func name(_ object: inout Object, _ request: WriteRequest) throws {
        if object.name.isEmpty, !request.key.name.isEmpty { object.name = request.key.name }
        guard object.name.isEmpty else { return try checkName(object, request) }
        guard let prefix = object.generateName, !prefix.isEmpty else {
            let cause = Status.Cause.required(FieldPath("metadata", "name"), "name or generateName is required")
            throw Status.invalid(request.resource.gvk, "", [cause])
        }
        // As in Kubernetes: some tries, then the collision is reported.
        for _ in 0..<8 {
            object.name = prefix.prefix(58) + environment.nameSuffix()
            if try snapshot.object(request.stored, object.key) == nil { return }
        }
    }

    func checkName(_ object: Object, _ request: WriteRequest) throws(Status) {
        guard request.key.name.isEmpty || request.key.name == object.name else {
            throw .badRequest(
                "the name of the object (\(object.name)) does not match the name on the URL (\(request.key.name))")
        }
    }

    /// Sets what only the server sets.
    private func begin(_ object: inout Object, _ definition: ResourceDefinition) {
        for key in ["deletionTimestamp", "deletionGracePeriodSeconds", "selfLink", "generation"] {
            object.json[path: "metadata", key] = nil
        }
        object.uid = environment.uid()
        object.creationTimestamp = timestamp()
        if definition.hasGeneration { object.generation = 1 }
        if definition.hasStatus { object.json["status"] = nil }
    }
}
