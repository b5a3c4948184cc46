import JSONModel
import KubeModel

/// What answers behind a route, as Istio's policies name it.
package struct Workload: Sendable, Hashable {
    package var namespace: String
    /// Of its pods.
    package var labels: [String: String]
    /// The Services by which it is known inside, and its InferenceService.
    package var names: Set<String>

    package init(namespace: String, labels: [String: String] = [:], names: Set<String> = []) {
        self.namespace = namespace
        self.labels = labels
        self.names = names
    }
}

/// What a policy is for: workloads by their labels, or the Services and InferenceServices that it names; without either
/// all of its namespace. In a root namespace: of all namespaces.
package struct PolicyTarget: Sendable, Hashable {
    package var namespace: String
    package var labels: [String: String] = [:]
    /// `nil`: it does not name any.
    package var names: Set<String>?

    /// Istio's own, and Martlet's.
    package static let rootNamespaces: Set = ["istio-system", ModelKeySecret.systemNamespace]

    package var isRoot: Bool { Self.rootNamespaces.contains(namespace) }

    package func covers(_ workload: Workload) -> Bool {
        guard isRoot || namespace == workload.namespace else { return false }
        if let names { return !names.isDisjoint(with: workload.names) }
        return labels.allSatisfy { workload.labels[$0.key] == $0.value }
    }

    /// Whether it is for a choice of workloads: such a policy goes before one for a namespace, and that before one for all.
    package var isSelective: Bool { !labels.isEmpty || names != nil }
}

extension PolicyTarget {
    private static let namedKinds = ["Service", "InferenceService"]

    /// - Parameter problems: takes what cannot be meant.
    init(_ object: Object, _ problems: inout [Status.Cause]) {
        namespace = object.namespace ?? ""
        let path = FieldPath("spec")
        labels = Dictionary(
            (object.spec[path: "selector", "matchLabels"]?.objectValue ?? [:]).map {
                ($0.key, $0.value.stringValue ?? "")
            }
        ) { first, _ in first }
        if let selector = object.spec["selector"]?.objectValue, selector.contains(where: { $0.key != "matchLabels" }) {
            problems.append(.forbidden(path.field("selector"), "only matchLabels selects workloads"))
        }
        var references = object.spec["targetRefs"]?.arrayValue ?? []
        if let single = object.spec["targetRef"], !single.isNull { references.append(single) }
        guard !references.isEmpty else { return }
        if !labels.isEmpty {
            problems.append(.forbidden(path.field("targetRefs"), "a policy has either a selector or targetRefs"))
        }
        var names: Set<String> = []
        for (index, reference) in references.enumerated() {
            let kind = reference["kind"]?.stringValue ?? ""
            if kind == "Gateway", isRoot, references.count == 1 { return }
            guard Self.namedKinds.contains(kind), let name = reference["name"]?.nonEmptyString else {
                problems.append(
                    .forbidden(
                        path.field("targetRefs").index(index),
                        "must be a Service or an InferenceService with a name, or, in istio-system, one Gateway"))
                continue
            }
            names.insert(name)
        }
        self.names = names
    }
}
