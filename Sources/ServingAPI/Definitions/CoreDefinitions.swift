import JSONModel
import KubeModel

// The built-in kinds: their cells are computed, and they take strategic merge patches.
extension ResourceDefinition {
    static let namespaces = builtIn(
        .namespaces, singular: "namespace", shortNames: ["ns"], hasStatus: true,
        columns: [PrinterColumn("Name", ""), PrinterColumn("Status", ""), PrinterColumn("Age", "")],
        cells: { [.string($0.name), $0.status["phase"] ?? "Active", .string($0.age($1))] },
        schema: .kind("core.Namespace"), names: .dnsLabel, defaulting: CoreDefaulting.namespace)

    static let configMaps = builtIn(
        .configMaps, singular: "configmap", shortNames: ["cm"],
        columns: [PrinterColumn("Name", ""), PrinterColumn("Data", "", type: "integer"), PrinterColumn("Age", "")],
        cells: { [.string($0.name), Cell.count($0.json["data"], $0.json["binaryData"]), .string($0.age($1))] },
        schema: .kind("core.ConfigMap"), names: .dnsSubdomain, validation: CoreValidation.configMap)

    static let secrets = builtIn(
        .secrets, singular: "secret",
        columns: [
            PrinterColumn("Name", ""), PrinterColumn("Type", ""), PrinterColumn("Data", "", type: "integer"),
            PrinterColumn("Age", ""),
        ],
        cells: { [.string($0.name), $0.json["type"] ?? "", Cell.count($0.json["data"]), .string($0.age($1))] },
        schema: .kind("core.Secret"), names: .dnsSubdomain, defaulting: CoreDefaulting.secret,
        validation: CoreValidation.secret)

    static let serviceAccounts = builtIn(
        .serviceAccounts, singular: "serviceaccount", shortNames: ["sa"],
        columns: [
            PrinterColumn("Name", ""), PrinterColumn("Secrets", "", type: "integer"), PrinterColumn("Age", ""),
        ],
        cells: { object, now in
            let secrets = object.json["secrets"]?.arrayValue?.count ?? 0
            return [.string(object.name), .number(JSONNumber(secrets)), .string(object.age(now))]
        }, schema: .kind("core.ServiceAccount"), names: .dnsSubdomain)

    static let persistentVolumeClaims = builtIn(
        .persistentVolumeClaims, singular: "persistentvolumeclaim", shortNames: ["pvc"], hasStatus: true,
        columns: ClaimTable.columns, cells: ClaimTable.cells, schema: .kind("core.PersistentVolumeClaim"),
        names: .dnsSubdomain, defaulting: CoreDefaulting.persistentVolumeClaim, warnings: Unserved.warn)

    static let events = builtIn(
        .events, singular: "event", shortNames: ["ev"], columns: EventTable.columns, cells: EventTable.cells,
        schema: .kind("core.Event"), names: .dnsSubdomain)

    static let coreServices = builtIn(
        .services, singular: "service", shortNames: ["svc"], categories: ["all"], hasStatus: true,
        columns: ServiceTable.columns,
        cells: ServiceTable.cells, schema: .kind("core.Service"), names: .dns1035Label,
        defaulting: CoreDefaulting.service, validation: CoreValidation.service)

    static let pods = builtIn(
        .pods, singular: "pod", shortNames: ["po"], categories: ["all"], hasStatus: true, hasGeneration: true,
        columns: PodTable.columns,
        cells: PodTable.cells, schema: .kind("core.Pod"), names: .dnsSubdomain, defaulting: PodDefaulting.pod,
        validation: PodValidation.pod)

    static let deployments = builtIn(
        .deployments, singular: "deployment", shortNames: ["deploy"], categories: ["all"], hasStatus: true,
        scale: Scale(
            specReplicasPath: ".spec.replicas", statusReplicasPath: ".status.replicas",
            labelSelectorPath: ".spec.selector"),
        hasGeneration: true, columns: DeploymentTable.columns, cells: DeploymentTable.cells,
        schema: .kind("apps.Deployment"),
        names: .dnsSubdomain, defaulting: PodDefaulting.deployment, validation: PodValidation.deployment)

    static let replicaSets = builtIn(
        .replicaSets, singular: "replicaset", shortNames: ["rs"], categories: ["all"], hasStatus: true,
        scale: Scale(
            specReplicasPath: ".spec.replicas", statusReplicasPath: ".status.replicas",
            labelSelectorPath: ".spec.selector"),
        hasGeneration: true, columns: ReplicaSetTable.columns, cells: ReplicaSetTable.cells,
        schema: .kind("apps.ReplicaSet"),
        names: .dnsSubdomain, defaulting: PodDefaulting.replicaSet, validation: PodValidation.replicaSet)
}
