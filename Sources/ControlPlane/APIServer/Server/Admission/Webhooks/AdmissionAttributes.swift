import JSONModel
import KubeAccess
import KubeClient
import KubeModel

/// What webhooks are asked about: an operation, the object as it would be, and as it was.
struct AdmissionAttributes: Sendable {
    var operation: AdmissionOperation
    var resource: Resource
    var subresource: Subresource = .none
    var key: ObjectKey
    /// `nil` for a deletion.
    var object: Object?
    /// `nil` for a creation.
    var old: Object?
    /// `CreateOptions` and so on, of meta.k8s.io/v1.
    var options: JSONValue
    var isDryRun: Bool
    var caller = Caller.current

    /// The labels by which `objectSelector` selects.
    var labels: [[String: String]] { [object, old].compactMap { $0?.labels } }

    /// `admission.k8s.io/v1 AdmissionReview` for a webhook that is to see the object in the version of `shown`.
    func review(uid: String, as shown: Resource) -> JSONValue {
        var request: JSONValue = [
            "uid": .string(uid), "kind": Self.json(kind(shown)), "resource": Self.json(shown),
            "requestKind": Self.json(kind(resource)), "requestResource": Self.json(resource),
            "operation": .string(operation.rawValue), "userInfo": caller.userInfo, "dryRun": .bool(isDryRun),
            "options": options, "object": object.map { content($0, shown) } ?? .null,
            "oldObject": old.map { content($0, shown) } ?? .null,
        ]
        if !key.name.isEmpty { request["name"] = .string(key.name) }
        if let namespace = key.namespace { request["namespace"] = .string(namespace) }
        if resource.isNamespaces { request["namespace"] = .string(key.name) }
        if let subresource = subresource.name {
            request["subResource"] = .string(subresource)
            request["requestSubResource"] = .string(subresource)
        }
        return ["kind": "AdmissionReview", "apiVersion": "admission.k8s.io/v1", "request": request]
    }

    /// What the webhook sees of an object: the scale, where that is what is written.
    func content(_ object: Object, _ shown: Resource) -> JSONValue {
        if case .scale(let paths) = subresource { return Scale.of(object, paths).json }
        return object.shown(as: shown).json
    }

    /// Takes over what a webhook made of `content`.
    mutating func take(_ content: JSONValue) {
        guard var changed = object else { return }
        if case .scale(let paths) = subresource {
            changed.json[Scale.steps(paths.specReplicasPath)] = content[path: "spec", "replicas"]
        } else {
            let before = changed
            changed = Object(content).shown(as: resource)
            for key in Self.serverFields {
                changed.json[path: "metadata", key] = before.json[path: "metadata", key]
            }
        }
        object = changed
    }

    /// What of the metadata no webhook changes.
    private static let serverFields = [
        "name", "namespace", "uid", "resourceVersion", "creationTimestamp", "deletionTimestamp", "generation",
        "managedFields",
    ]

    private func kind(_ resource: Resource) -> GroupVersionKind {
        if case .scale = subresource { Scale.gvk } else { resource.gvk }
    }

    private static func json(_ kind: GroupVersionKind) -> JSONValue {
        ["group": .string(kind.group), "version": .string(kind.version), "kind": .string(kind.kind)]
    }

    private static func json(_ resource: Resource) -> JSONValue {
        ["group": .string(resource.group), "version": .string(resource.version), "resource": .string(resource.plural)]
    }
}

extension AdmissionAttributes {
    /// A write that would store `object`.
    init(_ request: WriteRequest, _ object: Object, old: Object?) {
        let kind = old == nil ? "CreateOptions" : request.isPatch ? "PatchOptions" : "UpdateOptions"
        self.init(
            operation: old == nil ? .create : .update, resource: request.resource, subresource: request.subresource,
            key: object.key, object: object, old: old, options: Self.options(kind, request.options),
            isDryRun: request.options.isDryRun)
    }

    private static func options(_ kind: String, _ options: WriteOptions) -> JSONValue {
        var json: JSONValue = ["kind": .string(kind), "apiVersion": "meta.k8s.io/v1"]
        if let manager = options.fieldManager { json["fieldManager"] = .string(manager) }
        if let validation = options.fieldValidation { json["fieldValidation"] = .string(validation) }
        if options.isDryRun { json["dryRun"] = ["All"] }
        return json
    }

    /// A deletion of `object`.
    init(_ request: DeleteRequest, _ object: Object) {
        var options: JSONValue = ["kind": "DeleteOptions", "apiVersion": "meta.k8s.io/v1"]
        if let policy = request.options.propagationPolicy { options["propagationPolicy"] = .string(policy) }
        if let seconds = request.options.gracePeriodSeconds {
            options["gracePeriodSeconds"] = .number(JSONNumber(seconds))
        }
        self.init(
            operation: .delete, resource: request.resource, key: object.key, object: nil, old: object,
            options: options, isDryRun: request.options.isDryRun)
    }
}
