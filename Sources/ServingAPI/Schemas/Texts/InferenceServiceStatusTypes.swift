import KubeModel

extension SchemaText {
    /// The status of serving.kserve.io/v1beta1 InferenceService; it keeps what it does not know, as KServe's does.
    static let inferenceServiceStatus = SchemaText(
        "isvc", package: "io.kserve.serving.v1beta1",
        #"""
        InferenceServiceStatus preserve: How the model is served.
          + knative.Status
          url string: Address for clients.
          address knative.Addressable: Address inside.
          deploymentMode string: Knative or Standard.
          servingRuntimeName string: ServingRuntime in use.
          clusterServingRuntimeName string: ClusterServingRuntime in use.
          components {ComponentStatusSpec}: predictor, transformer, explainer.
          modelStatus ModelStatus: How the model is.
          canaryStatuses [CanaryStatus]: How the canaries are.
        ComponentStatusSpec preserve: How a part of a service is.
          latestReadyRevision string: Newest revision that is ready.
          latestCreatedRevision string: Newest revision.
          previousRolledoutRevision string: Revision that had all traffic before.
          latestRolledoutRevision string: Newest revision that got all traffic.
          url string: Address of the part.
          restUrl string: Address for REST.
          grpcUrl string: Address for gRPC.
          address knative.Addressable: Address inside.
          traffic [knative.TrafficTarget]: Shares of the traffic.
        CanaryStatus: How a canary is.
          name! string: Name of its predictor.
          ready boolean: Whether it is ready.
          trafficPercent int32: Share in percent.
          modelStatus ModelStatus: How its model is.
        ModelStatus preserve: How a model is.
          transitionStatus string ="UpToDate" enum=|UpToDate|InProgress|BlockedByFailedLoad|InvalidSpec: Where a change stands.
          states ModelRevisionStates: Of the model that is served and the one that is to be.
          lastFailureInfo FailureInfo: What went wrong last.
          copies ModelCopies: Replicas with the model.
        ModelRevisionStates: States of a model.
          activeModelState string ="Pending" enum=|Pending|Standby|Loading|Loaded|FailedToLoad: The one that is served.
          targetModelState string ="" enum=|Pending|Standby|Loading|Loaded|FailedToLoad: The one that is to be served.
        ModelCopies: Replicas with a model.
          failedCopies integer =0: That failed to load it.
          totalCopies integer: That have it.
        FailureInfo preserve: What went wrong.
          location string: Where.
          reason string: A word for machines: ModelLoadFailed, RuntimeUnhealthy, NoSupportingRuntime, ...
          message string: A sentence for people.
          modelRevisionName string: Which revision.
          time time: When.
          exitCode int32: Exit code of the server.
        """#)
}
