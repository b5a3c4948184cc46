import KubeModel

extension SchemaText {
    /// serving.kserve.io/v1alpha1 ServingRuntime and ClusterServingRuntime.
    static let runtimes = SchemaText(
        "runtime", package: "io.kserve.serving.v1alpha1",
        #"""
        ServingRuntime: A model server: which formats it loads, what it speaks and how it is run.
          spec! ServingRuntimeSpec: How models are served.
          status object: Not in use.
        ClusterServingRuntime: A model server for every namespace.
          + ServingRuntime
        ServingRuntimeSpec: How models are served.
          + ServingRuntimePodSpec
          supportedModelFormats [SupportedModelFormat]: Formats that the runtime loads.
          protocolVersions [string]: What it speaks: v1, v2, grpc-v1, grpc-v2; none listed means any.
          disabled boolean: Whether it must not be used.
          multiModel boolean: Whether one server holds many models.
          workerSpec WorkerSpec: Workers of a model that spans nodes.
          grpcEndpoint string: Not in use.
          grpcDataEndpoint string: Not in use.
          httpDataEndpoint string: Not in use.
          replicas integer: Not in use.
          storageHelper StorageHelper: Not in use.
          builtInAdapter BuiltInAdapter: Not in use.
        ServingRuntimePodSpec: What runtimes say of their pods.
          + core.PodSpec affinity containers hostIPC imagePullSecrets nodeSelector resourceClaims
          + core.PodSpec schedulerName tolerations volumes
          labels {string}: Labels for the pods.
          annotations {string}: Annotations for the pods.
        SupportedModelFormat: A format that a runtime loads.
          name! string: Name of the format: case counts.
          version string: Version of the format.
          autoSelect boolean: Whether the runtime is taken for services that name none.
          priority int32 min=1: Among runtimes for one format the highest wins.
        WorkerSpec: Workers of a model that spans nodes.
          + ServingRuntimePodSpec
          pipelineParallelSize integer: Stages of the pipeline.
          tensorParallelSize integer: Devices that share each layer.
        StorageHelper: Not in use.
          disabled boolean: Not in use.
        BuiltInAdapter: Not in use.
          serverType string: Not in use.
          runtimeManagementPort integer: Not in use.
          memBufferBytes integer: Not in use.
          modelLoadingTimeoutMillis integer: Not in use.
          env [core.EnvVar]: Not in use.
        """#)
}
