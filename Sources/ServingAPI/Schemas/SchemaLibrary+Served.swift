import KubeModel

extension SchemaLibrary {
    /// The types of all kinds that Martlet serves.
    static let served = SchemaLibrary([
        .meta, .core, .pods, .containers, .volumes, .podStatus, .nodes, .apps, .autoscaling, .lease, .access, .webhooks,
        .customResources, .knative, .inferenceServices, .inferenceServiceStatus, .runtimes, .kserve, .localModels,
        .gateway, .domains, .authorino, .istioSecurity, .martlet,
    ])
}

extension Schema {
    /// The schema of a whole object, by the name of its kind in the texts, as `rbac.Role`.
    static func kind(_ name: String) -> Schema { SchemaLibrary.served.resource(name) }

    /// `Container` of core/v1.
    static let container = SchemaLibrary.served.schema("core.Container")

    /// `PodSpec` of core/v1. It carries only the defaults that custom resources have too; those of built-in kinds are set
    /// at admission.
    static let podSpec = SchemaLibrary.served.schema("core.PodSpec")

    /// The frameworks that had blocks of their own before `model`, by the name of their model format.
    static let legacyFrameworkNames = [
        "sklearn", "xgboost", "tensorflow", "pytorch", "triton", "onnx", "huggingface", "pmml", "lightgbm", "paddle",
    ]
}
