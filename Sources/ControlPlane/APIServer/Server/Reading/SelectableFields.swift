import KubeModel

/// By which fields objects can be selected, beside their name and namespace.
enum SelectableFields {
    /// Of the built-in kinds, by plural and group; as in Kubernetes.
    private static let builtIn: [String: [String]] = [
        "pods": [
            "spec.nodeName", "spec.restartPolicy", "spec.schedulerName", "spec.serviceAccountName",
            "spec.hostNetwork", "status.phase", "status.podIP", "status.nominatedNodeName",
        ],
        "events": events, "events.events.k8s.io": events,
        "secrets": ["type"],
        "services": ["spec.clusterIP", "spec.type"],
        "namespaces": ["status.phase"],
        "nodes": ["spec.unschedulable"],
        "persistentvolumes": ["name"],
        "replicationcontrollers": ["status.replicas"],
        "replicasets.apps": ["status.replicas"],
        "jobs.batch": ["status.successful"],
        "certificatesigningrequests.certificates.k8s.io": ["spec.signerName"],
    ]

    private static let events = [
        "involvedObject.kind", "involvedObject.namespace", "involvedObject.name", "involvedObject.uid",
        "involvedObject.apiVersion", "involvedObject.resourceVersion", "involvedObject.fieldPath",
        "regarding.kind", "regarding.namespace", "regarding.name", "regarding.uid", "reason",
        "reportingComponent", "reportingController", "source.component", "type",
    ]

    /// Kinds whose CustomResourceDefinitions, on a cluster, name no such fields.
    private static let customGroups = [".kserve.io", ".knative.dev"]

    /// `nil` where every field will do.
    static func of(_ definition: ResourceDefinition) -> [[String]]? {
        if let custom = definition.customDefinition { return custom.selectableFields }
        let isCustom = customGroups.contains { definition.resource.group.hasSuffix($0) }
        guard definition.takesStrategicMerge || isCustom else { return nil }
        return (builtIn[definition.resource.description] ?? []).map { $0.split(separator: ".").map(String.init) }
    }
}
