import JSONModel
import KubeClient
import KubeModel

extension WriteScope {
    mutating func replaceScale(with scale: Object, _ paths: ResourceDefinition.Scale, _ request: WriteRequest) throws
        -> WriteOutcome
    {
        let current = try existing(request.resource, request.key)
        return try setScale(scale, of: current, paths, request)
    }

    mutating func patchScale(_ patch: Patch, _ paths: ResourceDefinition.Scale, _ request: WriteRequest) throws
        -> WriteOutcome
    {
        let current = try existing(request.resource, request.key)
        let scale = Scale.of(current, paths)
        let proposed: JSONValue =
            switch patch {
            case .apply(let json, _), .strategicMerge(let json): scale.json.merging(patch: json)
            case .json, .merge: try patched(scale.json, patch, request.definition)
            }
        return try setScale(Object(proposed), of: current, paths, request)
    }

    private mutating func setScale(
        _ scale: Object, of current: Object, _ paths: ResourceDefinition.Scale, _ request: WriteRequest
    ) throws -> WriteOutcome {
        guard let replicas = (scale.json[path: "spec", "replicas"] ?? 0).intValue, replicas >= 0 else {
            let value = scale.json[path: "spec", "replicas"]?.text ?? ""
            let cause = Status.Cause.invalid(
                FieldPath("spec", "replicas"), value, "must be greater than or equal to 0")
            throw Status.invalid(Scale.gvk, request.key.name, [cause])
        }
        var proposed = current
        proposed.json[Scale.steps(paths.specReplicasPath)] = .number(JSONNumber(replicas))
        proposed.resourceVersion = scale.resourceVersion
        if !scale.uid.isEmpty { proposed.uid = scale.uid }
        var outcome = try update(current, to: proposed, request)
        outcome.object = Scale.of(outcome.object, paths)
        return outcome
    }
}

/// autoscaling/v1 Scale: the replicas of whatever can have some.
enum Scale {
    static let gvk = GroupVersionKind(group: "autoscaling", version: "v1", kind: "Scale")

    static func of(_ object: Object, _ paths: ResourceDefinition.Scale) -> Object {
        var metadata: JSONValue = [:]
        for key in ["name", "namespace", "uid", "resourceVersion", "creationTimestamp"] {
            metadata[key] = object.json[path: "metadata", key]
        }
        var status: JSONValue = ["replicas": object.json[steps(paths.statusReplicasPath)] ?? 0]
        if let path = paths.labelSelectorPath, let selector = object.json[steps(path)] {
            status["selector"] = .string(selector.stringValue ?? (try? LabelSelector(json: selector))?.text ?? "")
        }
        return Object([
            "apiVersion": .string(gvk.apiVersion), "kind": .string(gvk.kind), "metadata": metadata,
            "spec": ["replicas": object.json[steps(paths.specReplicasPath)] ?? 0], "status": status,
        ])
    }

    /// `.spec.replicas`
    static func steps(_ path: String) -> [JSONStep] { path.split(separator: ".").map { .key(String($0)) } }
}
