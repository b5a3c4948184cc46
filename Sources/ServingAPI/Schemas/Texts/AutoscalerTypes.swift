import KubeModel

extension SchemaText {
    /// autoscaling/v2.
    static let autoscaling = SchemaText(
        "autoscaling", package: "io.k8s.api.autoscaling.v2",
        #"""
        HorizontalPodAutoscaler: Keeps the number of pods in step with what they are measured by.
          spec HorizontalPodAutoscalerSpec: What is wanted.
          status HorizontalPodAutoscalerStatus: What there is.
        HorizontalPodAutoscalerSpec: What is scaled, and by what.
          scaleTargetRef! CrossVersionObjectReference: What is scaled: something with a scale subresource.
          minReplicas int32 min=0: Least number of pods; 1 if not given.
          maxReplicas! int32 min=1: Most pods.
          metrics [MetricSpec]: What it is scaled by; the one that wants most pods wins.
          behavior HorizontalPodAutoscalerBehavior: How fast it scales.
        CrossVersionObjectReference: An object in the same namespace.
          kind! string: Kind of the object.
          name! string: Name of the object.
          apiVersion string: API version of the object.
        MetricSpec: A metric and its target; one source.
          type! string: Object, Pods, Resource, ContainerResource or External.
          object ObjectMetricSource: A metric of one object.
          pods PodsMetricSource: A metric of each pod, averaged.
          resource ResourceMetricSource: A resource of the pods: cpu or memory.
          containerResource ContainerResourceMetricSource: A resource of one container of the pods.
          external ExternalMetricSource: A metric from elsewhere.
        ObjectMetricSource: A metric of one object.
          describedObject! CrossVersionObjectReference: The object.
          target! MetricTarget: The value to hold.
          metric! MetricIdentifier: Which metric.
        MetricTarget: The value to hold.
          type! string: Utilization, Value or AverageValue.
          value quantity: The value in total.
          averageValue quantity: The value for each pod.
          averageUtilization int32: Percent of what the pods request.
        MetricIdentifier: A metric.
          name! string: Name of the metric.
          selector meta.LabelSelector: Only series with these labels.
        PodsMetricSource: A metric of each pod.
          metric! MetricIdentifier: Which metric.
          target! MetricTarget: The value to hold.
        ResourceMetricSource: A resource of the pods.
          name! string: Name of the resource.
          target! MetricTarget: The value to hold.
        ContainerResourceMetricSource: A resource of one container.
          name! string: Name of the resource.
          target! MetricTarget: The value to hold.
          container! string: Name of the container.
        ExternalMetricSource: A metric from elsewhere.
          metric! MetricIdentifier: Which metric.
          target! MetricTarget: The value to hold.
        HorizontalPodAutoscalerBehavior: How fast it scales.
          scaleUp HPAScalingRules: Upwards.
          scaleDown HPAScalingRules: Downwards.
        HPAScalingRules: How fast it scales in one direction.
          stabilizationWindowSeconds int32: Seconds whose wishes are all looked at.
          selectPolicy string: Max, Min or Disabled: which policy wins.
          policies [HPAScalingPolicy]: Bounds of the change.
          tolerance quantity: Deviation from the target that is put up with.
        HPAScalingPolicy: A bound of the change.
          type! string: Pods or Percent.
          value! int32: How many, or how much.
          periodSeconds! int32: Seconds that it holds for.
        HorizontalPodAutoscalerStatus: What an autoscaler sees.
          observedGeneration int64: The generation that the status speaks of.
          lastScaleTime time: When it last scaled.
          currentReplicas int32: Pods that there are.
          desiredReplicas int32: Pods that it wants.
          currentMetrics [MetricStatus]: What it measured.
          conditions [HorizontalPodAutoscalerCondition] keys=type: AbleToScale, ScalingActive, ScalingLimited.
        MetricStatus: What was measured.
          type! string: Kind of metric.
          object ObjectMetricStatus: A metric of one object.
          pods PodsMetricStatus: A metric of each pod, averaged.
          resource ResourceMetricStatus: A resource of the pods.
          containerResource ContainerResourceMetricStatus: A resource of one container.
          external ExternalMetricStatus: A metric from elsewhere.
        ObjectMetricStatus: A metric of one object.
          metric MetricIdentifier: Which metric.
          current MetricValueStatus: Its value.
          describedObject CrossVersionObjectReference: The object.
        MetricValueStatus: A value.
          value quantity: In total.
          averageValue quantity: For each pod.
          averageUtilization int32: Percent of what the pods request.
        PodsMetricStatus: A metric of each pod.
          metric MetricIdentifier: Which metric.
          current MetricValueStatus: Its value.
        ResourceMetricStatus: A resource of the pods.
          name! string: Name of the resource.
          current MetricValueStatus: Its value.
        ContainerResourceMetricStatus: A resource of one container.
          name! string: Name of the resource.
          current MetricValueStatus: Its value.
          container string: Name of the container.
        ExternalMetricStatus: A metric from elsewhere.
          metric MetricIdentifier: Which metric.
          current MetricValueStatus: Its value.
        HorizontalPodAutoscalerCondition: One aspect of an autoscaler's state.
          type! string: Which aspect.
          status! string: True, False or Unknown.
          lastTransitionTime time: When the status last changed.
          reason string: A word for machines.
          message string: A sentence for people.
          observedGeneration int64: The generation that the entry speaks of.
        """#)
}
