import KubeModel

extension Schema {
    static let servingRuntime = resource(
        "A model server: which formats it loads, what it speaks and how it is run.", ["spec": runtimeSpec],
        required: ["spec"])

    private static let runtimeSpec = runtimePod.described("How models are served.").merging([
        "supportedModelFormats": records(
            "Formats that the runtime loads.",
            [
                "name": text("Name of the format: case counts."), "version": text("Version of the format."),
                "autoSelect": flag("Whether the runtime is taken for services that name none."),
                "priority": int32("Among runtimes for one format the highest wins.", minimum: 1),
            ], required: ["name"]),
        "protocolVersions": words("What it speaks: v1, v2, grpc-v1, grpc-v2; none listed means any."),
        "disabled": flag("Whether it must not be used."),
        "multiModel": flag("Whether one server holds many models."),
        "workerSpec": runtimePod.described("Workers of a model that spans nodes.").merging([
            "pipelineParallelSize": int32("Stages of the pipeline."),
            "tensorParallelSize": int32("Devices that share each layer."),
        ]),
        "grpcEndpoint": text("Unused."), "grpcDataEndpoint": text("Unused."), "httpDataEndpoint": text("Unused."),
        "replicas": int32("Unused."),
        "storageHelper": record("Unused.", ["disabled": flag("Unused.")]),
        "builtInAdapter": record(
            "Unused.",
            [
                "serverType": text("Unused."), "runtimeManagementPort": int32("Unused."),
                "memBufferBytes": int64("Unused."), "modelLoadingTimeoutMillis": int32("Unused."), "env": environment,
            ]),
    ])

    /// The part of a pod spec that runtimes have, and what their pods are marked with.
    private static let runtimePod = podSpec.with { schema in
        let fields: Set = [
            "containers", "volumes", "nodeSelector", "affinity", "tolerations", "imagePullSecrets", "hostIPC",
            "schedulerName", "resourceClaims",
        ]
        schema.properties = schema.properties.filter { fields.contains($0.key) }
        schema.required = ["containers"]
    }.merging([
        "labels": strings("Labels for the pods."), "annotations": strings("Annotations for the pods."),
    ])
}
