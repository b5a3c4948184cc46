import KubeModel

extension SchemaText {
    /// serving.knative.dev/v1 and autoscaling.internal.knative.dev/v1alpha1.
    static let knative = SchemaText(
        "knative", package: "dev.knative.serving.v1",
        #"""
        Service: A program at a URL: makes a Configuration and a Route.
          spec ServiceSpec: What is wanted.
          status ServiceStatus: What there is; written by the controller.
        ServiceSpec: What a service runs, and who gets its requests.
          + ConfigurationSpec
          + RouteSpec
        ServiceStatus preserve: What a service has got.
          + ConfigurationStatus
          + RouteStatus
        Configuration: Makes a new Revision each time its template changes.
          spec ConfigurationSpec: What is wanted.
          status ConfigurationStatus: What there is; written by the controller.
        ConfigurationSpec: What a configuration makes.
          template RevisionTemplate: What revisions are made from.
        ConfigurationStatus preserve: What a configuration has made.
          + Status
          latestCreatedRevisionName string: Newest revision.
          latestReadyRevisionName string: Newest revision that is ready.
        Route: A URL and the revisions behind it.
          spec RouteSpec: What is wanted.
          status RouteStatus: What there is; written by the controller.
        RouteSpec: Who gets the requests.
          traffic [TrafficTarget]: Shares of the traffic; together 100 percent.
        RouteStatus preserve: Where a route leads.
          + Status
          url string: Address for clients.
          address Addressable: Address inside.
          traffic [TrafficTarget]: Shares as they are, each with its revision.
        TrafficTarget: A share of the traffic.
          revisionName string: Revision that gets the share; or latestRevision.
          latestRevision boolean: Whether the newest ready revision gets the share.
          configurationName string: Configuration whose newest ready revision gets the share.
          percent int64: Share in percent.
          tag string: Name for an address of its own.
          url string: Address of the tag; set in the status.
        Addressable preserve: An address inside.
          url string: The address.
          name string: Name of the address.
          CACerts string: PEM certificates that it is checked with.
          audience string: Who its tokens are for.
        RevisionTemplate: What revisions are made from.
          metadata meta: Name, labels and annotations for the revisions.
          spec RevisionSpec: How each replica is to be.
        Revision: One version of a program; never changes.
          spec RevisionSpec: How each replica is to be.
          status RevisionStatus: What there is; written by the controller.
        RevisionSpec: How each replica is to be.
          + core.PodSpec
          - ephemeralContainers evictionResponders schedulingGroup
          containers [core.Container] keys=name: Containers that run together; one takes the requests.
          containerConcurrency int64: Most requests at once in one replica; 0 for no limit.
          timeoutSeconds int64: Seconds that a request may take.
          responseStartTimeoutSeconds int64: Seconds until the first byte of the response.
          idleTimeoutSeconds int64: Seconds without a byte of the response.
        RevisionStatus preserve: How a revision is.
          + Status
          actualReplicas int32: Replicas that run.
          desiredReplicas int32: Replicas that are wanted.
          logUrl string: Where its logs are.
          containerStatuses [ContainerStatus]: Exact images of the containers.
          initContainerStatuses [ContainerStatus]: Exact images of the init containers.
        ContainerStatus: Exact image of a container.
          name string: Name of the container.
          imageDigest string: Exact image.
        PodAutoscaler: How a revision is scaled.
          spec PodAutoscalerSpec: What is wanted.
          status PodAutoscalerStatus: What there is; written by the autoscaler.
        PodAutoscalerSpec: What is scaled.
          scaleTargetRef! ScaleTarget: What is scaled.
          containerConcurrency int64 min=0: Most requests at once in one replica; 0 for no limit.
          protocolType! string: http1 or h2c.
          reachability string: Reachable, Unreachable or empty for unknown.
        ScaleTarget atomic: Something with a scale subresource.
          apiVersion string: API version of the object.
          kind string: Kind of the object.
          name string: Name of the object.
        PodAutoscalerStatus preserve: How a revision is scaled.
          + Status
          desiredScale int32: Replicas that are wanted.
          actualScale int32: Replicas that run.
          serviceName string: Service of the revision.
          metricsServiceName string: Service that metrics are read from.
        Status preserve: What every status has.
          conditions [Condition] keys=type: What is known about the object's state, one entry for each aspect.
          observedGeneration int64: The generation that the status speaks of.
          annotations {string}: Further facts.
        Condition preserve: One aspect of an object's state.
          type! string: Which aspect; Ready sums the others up.
          status! string: True, False or Unknown.
          severity string: Info for entries that only tell; empty for those that count.
          lastTransitionTime time: When the status last changed.
          reason string: A word for machines.
          message string: A sentence for people.
        """#)
}
