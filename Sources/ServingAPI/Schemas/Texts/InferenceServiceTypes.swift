import KubeModel

extension SchemaText {
    /// serving.kserve.io/v1beta1.
    static let inferenceServices = SchemaText(
        "isvc", package: "io.kserve.serving.v1beta1",
        #"""
        InferenceService: A model that is served: what to load, with which runtime, and how to scale it.
          spec! InferenceServiceSpec: What is wanted.
          status InferenceServiceStatus: How the model is served; written by the controller.
        InferenceServiceSpec: What is wanted of a service.
          predictor! PredictorSpec: The model server.
          transformer ComponentSpec: Code before and after the predictor.
          explainer ExplainerSpec: Code that explains predictions.
          canary [CanarySpec]: Further predictors with a share of the traffic.
          tracing TracingSpec: Where traces go.
        PodSpec: How a component's pods are to be.
          + core.PodSpec
          - ephemeralContainers evictionResponders schedulingGroup
          containers [core.Container] keys=name: Containers of one's own; one named kserve-container serves.
        ComponentSpec: A part of a service.
          + PodSpec
          + ComponentExtensionSpec
          storageUris [StorageUri] minItems=1: Several places that the model's files come from.
        PredictorSpec: The model server: model, or containers of one's own.
          + ComponentSpec
          name string pattern=^[a-z]([-a-z0-9]*[a-z0-9])?$: Name of this predictor, if there are canaries.
          model ModelSpec: The model and the container that serves it.
          workerSpec WorkerSpec: Workers of a model that spans nodes.
          storageContainerName string: ClusterStorageContainer to fetch with.
          sklearn ModelServer: Old form of model with modelFormat sklearn.
          xgboost ModelServer: Old form of model with modelFormat xgboost.
          tensorflow ModelServer: Old form of model with modelFormat tensorflow.
          pytorch ModelServer: Old form of model with modelFormat pytorch.
          triton ModelServer: Old form of model with modelFormat triton.
          onnx ModelServer: Old form of model with modelFormat onnx.
          huggingface ModelServer: Old form of model with modelFormat huggingface.
          pmml ModelServer: Old form of model with modelFormat pmml.
          lightgbm ModelServer: Old form of model with modelFormat lightgbm.
          paddle ModelServer: Old form of model with modelFormat paddle.
        ModelServer: A container, and where its model is.
          + core.Container
          - name
          name string: Not for use: the container is named kserve-container.
          storageUri string: Where the model is: hf://, s3://, gs://, oci://, https://, pvc://, file://, pypi://.
          storage ModelStorage: Where the model is, by a data connection.
          runtimeVersion string: Tag of the runtime's image.
          protocolVersion string: What the server is to speak: v1, v2, grpc-v1, grpc-v2.
        ModelSpec: The model and the container that serves it.
          + ModelServer
          modelFormat! ModelFormat: Format of the model; runtimes say which they support.
          runtime string: Runtime to use; chosen by the format if not given.
          confidential ConfidentialSpec: A model that is encrypted.
        ModelFormat: Format of a model.
          name! string: Name, as in the runtime: case counts.
          version string: Version of the format.
        ModelStorage: Where a model is, by a data connection.
          path string: Path in the storage.
          schemaPath string: Path of a schema; old.
          parameters {string}: Settings that override the entry's.
          key string: Entry of the storage Secret.
        ConfidentialSpec: A model that is encrypted.
          enabled! boolean: Whether it is.
          resourceId string: Its key: kbs:///repository/type/tag.
        WorkerSpec: Workers of a model that spans nodes.
          + core.PodSpec
          - evictionResponders schedulingGroup
          containers [core.Container] keys=name: Containers of each worker.
          pipelineParallelSize integer: Stages of the pipeline; one worker each.
          tensorParallelSize integer: Devices that share each layer.
        ExplainerSpec: Code that explains predictions.
          + ComponentSpec
          art ARTExplainerSpec: Adversarial robustness toolbox.
        ARTExplainerSpec: Adversarial robustness toolbox.
          + core.Container
          - name
          name string: Not for use: the container is named kserve-container.
          type string: What it does: SquareAttack.
          storageUri string: Where its files are.
          storage ModelStorage: Where its files are, by a data connection.
          runtimeVersion string: Tag of its image.
          config {string}: Its settings.
        CanarySpec: A predictor with a share of the traffic.
          predictor PredictorSpec: The predictor; needs a name.
          trafficPercent int32: Share in percent.
        TracingSpec: Where traces go.
          exporter string: Kind of exporter.
          exporterEndpoint string: Address of the collector.
          sampler string: Which requests are traced.
          samplerArg string: Setting of the sampler.
        StorageUri: A place that the model's files come from.
          uri! string: Where from.
          mountPath string ="/mnt/models" pattern=^/.* maxLength=255: Where to.
        ComponentExtensionSpec: What every part of a service has beside its pods.
          minReplicas int32: Least number of replicas; 0 lets it scale to zero. 1 if not given.
          maxReplicas int32: Most replicas; 0 for no bound.
          scaleTarget int32: Value of the metric that one replica should see.
          scaleMetric string enum=cpu|memory|concurrency|rps: What it is scaled by.
          scaleMetricType string enum=Utilization|Value|AverageValue: How the target is meant.
          autoScaling AutoScalingSpec: Scaling by several metrics.
          containerConcurrency int64: Most requests at once in one replica; 0 for no limit.
          timeout int64: Seconds that a request may take.
          canaryTrafficPercent int64: Share of the newest revision; the rest stays where it was.
          logger LoggerSpec: Copies requests and responses.
          batcher Batcher: Puts requests together.
          labels {string}: Labels for the pods.
          annotations {string}: Annotations for the pods.
          deploymentStrategy apps.DeploymentStrategy: How old pods are replaced, in Standard mode.
        AutoScalingSpec: Scaling by several metrics.
          metrics [MetricsSpec]: The metrics.
          behavior autoscaling.HorizontalPodAutoscalerBehavior: How fast it scales.
        MetricsSpec: A metric and its target; one source.
          type! string enum=Resource|External|PodMetric: Kind of metric.
          resource ResourceMetricSource: A resource of the pods.
          external ExternalMetricSource: A metric from elsewhere.
          podmetric PodMetricSource: A metric of the pods.
        ResourceMetricSource: A resource of the pods.
          name! string enum=cpu|memory: Which.
          target! MetricTarget: The value to hold.
        ExternalMetricSource: A metric from elsewhere.
          metric! ExternalMetrics: Which metric.
          target! MetricTarget: The value to hold.
          authenticationRef ExtMetricAuthentication: How to authenticate.
        PodMetricSource: A metric of the pods.
          metric! PodMetrics: Which metric.
          target! MetricTarget: The value to hold.
        MetricTarget: The value to hold.
          type string enum=Utilization|Value|AverageValue: How it is meant.
          value quantity: The value in total.
          averageValue quantity: The value for each pod.
          averageUtilization int32: Percent of what the pods request.
        ExternalMetrics: A metric from elsewhere.
          backend string enum=prometheus|graphite: What to ask.
          serverAddress string: Where it is.
          query string: The question.
          namespace string: Namespace of the question.
        ExtMetricAuthentication: How to authenticate.
          authModes string: basic, tls, bearer, ...
          authenticationRef! AuthenticationRef: Where the credentials are.
        AuthenticationRef: Where credentials are.
          name! string: Name of the TriggerAuthentication.
        PodMetrics: A metric of the pods.
          backend string enum=opentelemetry: What to ask.
          serverAddress string: Where it is.
          metricNames [string]: Names of the metrics.
          query string: The question.
          operationOverTime string: How values over time become one.
        LoggerSpec: Copies requests and responses.
          url string: Where to.
          mode string enum=all|request|response: What is copied.
          metadataHeaders [string]: Headers to copy too.
          metadataAnnotations [string]: Annotations to copy too.
          storage LoggerStorageSpec: A store to write to.
          marshallerUrl string: Service that formats batches.
          batchSize integer: Most entries of a batch.
          batchInterval string: Longest wait for a batch.
        LoggerStorageSpec: A store that logs are written to.
          path string: Path in the store.
          parameters {string}: Settings that override the entry's.
          key string: Entry of the storage Secret.
          serviceAccountName string: Who writes.
        Batcher: Puts requests together.
          maxBatchSize integer: Most requests in one.
          maxLatency integer: Milliseconds to wait for more.
          timeout integer: Seconds that a batch may take.
        """#)
}
