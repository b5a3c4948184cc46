import KubeModel

extension Schema {
    static let inferenceService = resource(
        "A model that is served: what to load, with which runtime, and how to scale it.",
        [
            "spec": record(
                "What is wanted.",
                [
                    "predictor": predictor,
                    "transformer": component("Code before and after the predictor."),
                    "explainer": component("Code that explains predictions.").merging(["art": artExplainer]),
                    "canary": records(
                        "Further predictors with a share of the traffic.",
                        ["predictor": predictor, "trafficPercent": int32("Share in percent.")],
                        required: ["predictor"]),
                    "tracing": record(
                        "Where traces go.",
                        [
                            "exporter": text("Kind of exporter."),
                            "exporterEndpoint": text("Address of the collector."),
                            "sampler": text("Which requests are traced."),
                            "samplerArg": text("Setting of the sampler."),
                        ]),
                ], required: ["predictor"]),
            "status": inferenceServiceStatus,
        ], required: ["spec"])

    private static let predictor = component("The model server.").merging(
        [
            "name": text("Name of this predictor, if there are canaries.").with {
                $0.pattern = "^[a-z]([-a-z0-9]*[a-z0-9])?$"
            },
            "model": model,
            "workerSpec": podSpec.described("Workers of a model that spans nodes.").merging([
                "pipelineParallelSize": int32("Stages of the pipeline; one worker each."),
                "tensorParallelSize": int32("Devices that share each layer."),
            ]),
        ]
    ).merging(legacyFrameworks)

    /// The frameworks that had blocks of their own before `model`, by the name of their model format.
    static let legacyFrameworkNames = [
        "sklearn", "xgboost", "tensorflow", "pytorch", "triton", "onnx", "huggingface", "pmml", "lightgbm", "paddle",
    ]

    private static let legacyFrameworks = Dictionary(
        uniqueKeysWithValues: legacyFrameworkNames.map {
            ($0, modelServer.described("Old form of model with modelFormat \($0)."))
        })

    private static let model = modelServer.described("The model and the container that serves it.").merging([
        "modelFormat": record(
            "Format of the model; runtimes say which they support.",
            ["name": text("Name, as in the runtime: case counts."), "version": text("Version of the format.")],
            required: ["name"]),
        "runtime": text("Runtime to use; chosen by the format if not given."),
        "confidential": record(
            "A model that is encrypted.",
            ["enabled": flag("Whether it is."), "resourceId": text("Key: kbs:///repository/type/tag.")]),
    ]).requiring("modelFormat")

    /// What `model` and the old framework blocks share: a container, and where the model is.
    private static let modelServer = container.without("name").merging([
        "name": text("Not for use: the container is named kserve-container."),
        "storageUri": text("Where the model is: pypi://, file://, http(s)://."),
        "storage": storage.merging(["schemaPath": text("Path of a schema.")]),
        "runtimeVersion": text("Tag of the runtime's image."),
        "protocolVersion": text("What the server is to speak: v1, v2, grpc-v1, grpc-v2."),
    ])

    private static let storage = record(
        "Where the model is, by a data connection.",
        [
            "path": text("Path in the storage."), "key": text("Entry of the storage Secret."),
            "parameters": strings("Settings that override the entry's."),
        ])

    private static let artExplainer = modelServer.described("Adversarial robustness toolbox.").merging([
        "type": text("SquareAttack."), "config": strings("Settings."),
    ])

    /// PodSpec and the extension that predictor, transformer and explainer share.
    private static func component(_ description: String) -> Schema {
        podSpec.described(description).merging(componentExtension)
    }
}
