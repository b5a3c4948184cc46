import JSONModel
import KubeModel
import ObjectStore
import ServingAPI

// The life of CustomResourceDefinitions: in the transaction that writes one, so that there is nothing to wait for.
extension WriteScope {
    /// The finalizer of a definition whose objects are still there.
    static let customResourceCleanup = "customresourcecleanup.apiextensions.k8s.io"

    private static let definitions = GroupResource(.customResourceDefinitions)

    /// Decides which names a definition gets, and writes what it decided into the status.
    func establish(_ object: inout Object, old: Object?) {
        object.json["status"] = old?.json["status"] ?? [:]
        let group = object.spec["group"]?.stringValue ?? ""
        let others = registry.customNames.filter { $0.key != object.name && $0.value.group == group }
        let acceptance = NameAcceptance(
            object.spec["names"] ?? [:], before: object["status", "acceptedNames"], others: others.map(\.value))
        object["status", "acceptedNames"] = acceptance.accepted
        var stored = object["status", "storedVersions"]?.arrayValue ?? []
        if let version = object.storageVersion, !stored.contains(version) { stored.append(version) }
        object["status", "storedVersions"] = .array(stored)
        let changed =
            acceptance.conditions(wasEstablished: object.condition("Established")?.isTrue ?? false)
            + Self.approval(object)
        object.set(changed, now: timestamp())
    }

    /// Groups of Kubernetes' own community say where their API was approved.
    private static func approval(_ object: Object) -> [Condition] {
        let group = object.spec["group"]?.stringValue ?? ""
        guard DefinitionValidation.isProtected(group),
            let approval = object.annotations[DefinitionValidation.approvalAnnotation]
        else { return [] }
        let type = "KubernetesAPIApprovalPolicyConformant"
        return approval.hasPrefix("unapproved")
            ? [Condition(type, "False", reason: "UnapprovedAnnotation", message: "not approved: \"\(approval)\"")]
            : [Condition(type, "True", reason: "ApprovedAnnotation", message: "approved in \(approval)")]
    }

    /// Deletes the objects of a definition, and the definition with them or as soon as the last of them is gone.
    mutating func deleteDefinition(_ object: Object, _ request: DeleteRequest) throws -> DeleteOutcome {
        if !object.isBeingDeleted {
            var marked = object
            if !marked.finalizers.contains(Self.customResourceCleanup) {
                marked.finalizers.append(Self.customResourceCleanup)
            }
            mark(&marked, gracePeriod: 0)
            let message = "CustomResource deletion is in progress"
            marked.set(
                [Condition("Terminating", "True", reason: "InstanceDeletionInProgress", message: message)],
                now: timestamp())
            _ = try transaction.replace(object, with: marked, Self.definitions)
            if request.policy == .orphan { try orphanDependents(of: object) }
            try deleteObjects(ofDefinition: object.name)
        }
        try finishDefinition(object.name)
        let current = try snapshot.object(Self.definitions, object.key)
        return DeleteOutcome(object: current ?? removed.last?.object ?? object, isGone: current == nil)
    }

    /// What this program itself serves is not deleted with somebody's definition of it.
    private mutating func deleteObjects(ofDefinition name: String) throws {
        guard let resource = registry.customResource(name) else { return }
        for object in try snapshot.objects(resource) {
            guard let current = try snapshot.object(resource, object.key), !current.isBeingDeleted else { continue }
            try collect(StoredObject(resource: resource, object: current))
            try settle()
        }
    }

    /// Lets a definition go that is deleted and has no objects any more.
    mutating func finishDefinition(_ name: String) throws {
        guard let definition = try snapshot.object(Self.definitions, ObjectKey(name: name)),
            definition.finalizers.contains(Self.customResourceCleanup), definition.isBeingDeleted,
            try registry.customResource(name).map({ try snapshot.count($0) == 0 }) ?? true
        else { return }
        var released = definition
        released.finalizers.removeAll { $0 == Self.customResourceCleanup }
        guard try letGo(definition, as: released, Self.definitions) else {
            _ = try transaction.replace(definition, with: released, Self.definitions)
            return
        }
        try acceptOthers(definition)
    }

    /// Names that became free go to those who wait for them.
    private mutating func acceptOthers(_ gone: Object) throws {
        let group = gone.spec["group"]?.stringValue ?? ""
        for (name, names) in registry.customNames.sorted(by: { $0.key < $1.key })
        where names.group == group && name != gone.name {
            guard let waiting = try snapshot.object(Self.definitions, ObjectKey(name: name)),
                waiting.condition("NamesAccepted")?.isFalse == true
            else { continue }
            var scope = self
            scope.registry = registry.without(gone.name)
            var accepted = waiting
            scope.establish(&accepted, old: waiting)
            if accepted != waiting { _ = try transaction.replace(waiting, with: accepted, Self.definitions) }
        }
    }

    /// Refuses to create an object of a definition that is gone or going.
    func requireLiveDefinition(_ definition: ResourceDefinition) throws {
        guard let custom = definition.customDefinition else { return }
        guard try snapshot.contains(uid: custom.uid) else { throw Status.noSuchResource }
        let isTerminating = registry[GroupResource(definition.resource)]?.customDefinition?.isTerminating
        guard isTerminating != true else {
            throw Status(
                code: 405, reason: "MethodNotAllowed",
                message: "create not allowed while custom resource definition is terminating")
        }
    }
}

extension ResourceRegistry {
    /// Where the objects of a CustomResourceDefinition are; `nil` for one of a resource that the program itself serves.
    func customResource(_ name: String) -> GroupResource? {
        let isBuiltIn = definitions.contains { $0.customDefinition == nil && $0.resource.description == name }
        guard !isBuiltIn, let names = customNames[name] else { return nil }
        return GroupResource(Resource(group: names.group, version: "", kind: names.kind, plural: names.plural))
    }

    fileprivate func without(_ name: String) -> ResourceRegistry {
        ResourceRegistry(definitions, customNames: customNames.filter { $0.key != name })
    }
}

extension Object {
    /// The version of a CustomResourceDefinition in which objects are stored.
    fileprivate var storageVersion: JSONValue? {
        spec["versions"]?.arrayValue?.first { $0["storage"]?.boolValue == true }?["name"]
    }

    /// Replaces the conditions of these types, and keeps the others.
    fileprivate mutating func set(_ changed: [Condition], now: String) {
        let kept = conditions.filter { condition in !changed.contains { $0.type == condition.type } }
        setConditions(kept + changed, now: now)
    }
}
