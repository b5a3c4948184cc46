import JSONModel
import KubeModel

/// What must hold for Pods, and for Deployments and ReplicaSets, which make them.
enum PodValidation {
    @Sendable static func pod(_ pod: Object, _ old: Object?) -> [Status.Cause] {
        let path = FieldPath("spec")
        return containers(pod.spec, path) + PodSpecValidation(spec: pod.spec, path: path).check()
    }

    @Sendable static func deployment(_ deployment: Object, _ old: Object?) -> [Status.Cause] {
        template(deployment) + selector(deployment, old)
    }

    @Sendable static func replicaSet(_ set: Object, _ old: Object?) -> [Status.Cause] {
        template(set) + selector(set, old)
    }

    private static func template(_ owner: Object) -> [Status.Cause] {
        let path = FieldPath("spec", "template", "spec")
        let spec = owner.spec[path: "template", "spec"] ?? [:]
        return containers(spec, path) + PodSpecValidation(spec: spec, path: path).check() + restartPolicy(spec, path)
    }

    private static func containers(_ spec: JSONValue, _ path: FieldPath) -> [Status.Cause] {
        guard spec["containers"]?.arrayValue?.isEmpty ?? false else { return [] }
        return [.required(path.field("containers"), "a pod has at least one container")]
    }

    private static func restartPolicy(_ spec: JSONValue, _ path: FieldPath) -> [Status.Cause] {
        guard let policy = spec["restartPolicy"]?.stringValue, policy != "Always" else { return [] }
        return [.notSupported(path.field("restartPolicy"), policy.quoted, supported: ["Always"])]
    }

    private static func selector(_ owner: Object, _ old: Object?) -> [Status.Cause] {
        let path = FieldPath("spec", "selector")
        guard let selector = owner.spec["selector"], selector.objectValue != nil else { return [] }
        if let old, old.spec["selector"] != selector {
            return [.invalid(path, selector.text, "cannot be changed; make a new \(owner.kind)")]
        }
        let wanted = selector["matchLabels"]?.objectValue ?? [:]
        if wanted.isEmpty, selector["matchExpressions"]?.arrayValue?.isEmpty ?? true {
            return [.invalid(path, selector.text, "must not be empty: it says which pods are the \(owner.kind)'s")]
        }
        let labels = owner.spec[path: "template", "metadata", "labels"]
        let missing = wanted.filter { labels?[$0.key] != $0.value }.map(\.key)
        guard !missing.isEmpty else { return [] }
        return [
            .invalid(
                FieldPath("spec", "template", "metadata", "labels"), (labels ?? [:]).text,
                "must have the labels of spec.selector.matchLabels; missing or different: "
                    + missing.joined(separator: ", "))
        ]
    }
}
