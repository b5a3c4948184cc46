import KubeModel

extension Schema {
    /// The fields of a pod spec that say where it runs.
    static let scheduling: [String: Schema] = [
        "nodeName": text("Node to run on; set by the scheduler."),
        "nodeSelector": strings("Labels that the node must have.").atomic(),
        "affinity": record(
            "Which nodes, and near which pods.",
            [
                "nodeAffinity": nodeAffinity, "podAffinity": podAffinity("Near these pods."),
                "podAntiAffinity": podAffinity("Away from these pods."),
            ]),
        "tolerations": tolerations,
        "topologySpreadConstraints": topologySpread,
        "schedulerName": text("Scheduler to use."),
        "priorityClassName": text("Priority class of the pod."),
        "priority": int32("Priority of the pod."),
    ]

    static let tolerations = records(
        "Taints of nodes that the pod puts up with.",
        [
            "key": text("Key of the taint."), "operator": text("Exists or Equal."),
            "value": text("Value of the taint."),
            "effect": text("NoSchedule, PreferNoSchedule or NoExecute."),
            "tolerationSeconds": int64("Seconds that NoExecute is put up with."),
        ])

    private static let nodeRequirements = records(
        "Requirements on labels.",
        [
            "key": text("Key of the label."), "operator": text("In, NotIn, Exists, DoesNotExist, Gt or Lt."),
            "values": words("Values."),
        ], required: ["key", "operator"])

    private static let nodeTerm = record(
        "A set of nodes.", ["matchExpressions": nodeRequirements, "matchFields": nodeRequirements]
    ).atomic()

    private static let nodeAffinity = record(
        "Which nodes.",
        [
            "requiredDuringSchedulingIgnoredDuringExecution": record(
                "Nodes that the pod must have.",
                ["nodeSelectorTerms": list(of: nodeTerm).described("One of these must match.")],
                required: ["nodeSelectorTerms"]),
            "preferredDuringSchedulingIgnoredDuringExecution": records(
                "Nodes that are better.", ["preference": nodeTerm, "weight": int32("1 to 100.")],
                required: ["preference", "weight"]),
        ])

    private static func podAffinity(_ description: String) -> Schema {
        record(
            description,
            [
                "requiredDuringSchedulingIgnoredDuringExecution": list(of: podTerm).described("Must hold."),
                "preferredDuringSchedulingIgnoredDuringExecution": records(
                    "Better if it holds.", ["podAffinityTerm": podTerm, "weight": int32("1 to 100.")],
                    required: ["podAffinityTerm", "weight"]),
            ])
    }

    private static let podTerm = record(
        "A set of pods.",
        [
            "labelSelector": labelSelector, "namespaceSelector": labelSelector, "namespaces": words("Namespaces."),
            "topologyKey": text("Label of nodes that says what near means."),
            "matchLabelKeys": words("Labels of the pod itself to match."),
            "mismatchLabelKeys": words("Labels of the pod itself that must differ."),
        ], required: ["topologyKey"])

    private static let topologySpread = records(
        "How evenly pods are spread.",
        [
            "maxSkew": int32("Allowed difference."), "topologyKey": text("Label of nodes to spread over."),
            "whenUnsatisfiable": text("DoNotSchedule or ScheduleAnyway."), "labelSelector": labelSelector,
            "minDomains": int32("Least number of domains."), "nodeAffinityPolicy": text("Honor or Ignore."),
            "nodeTaintsPolicy": text("Honor or Ignore."), "matchLabelKeys": words("Labels of the pod to match."),
        ], required: ["maxSkew", "topologyKey", "whenUnsatisfiable"], keys: ["topologyKey", "whenUnsatisfiable"])
}
