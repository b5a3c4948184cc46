extension ProtobufTable {
    /// autoscaling/v2
    static let autoscalingV2 = """
        ContainerResourceMetricSource: name! target:MetricTarget container!
        ContainerResourceMetricStatus: name! current:MetricValueStatus container!
        CrossVersionObjectReference: kind! name! apiVersion
        ExternalMetricSource: metric:MetricIdentifier target:MetricTarget
        ExternalMetricStatus: metric:MetricIdentifier current:MetricValueStatus
        HPAScalingPolicy: type! value:int! periodSeconds:int!
        HPAScalingRules: selectPolicy! policies[]HPAScalingPolicy stabilizationWindowSeconds:int! tolerance:Quantity!
        HorizontalPodAutoscaler: metadata:ObjectMeta spec:HorizontalPodAutoscalerSpec
            status:HorizontalPodAutoscalerStatus
        HorizontalPodAutoscalerBehavior: scaleUp:HPAScalingRules! scaleDown:HPAScalingRules!
        HorizontalPodAutoscalerCondition: type! status! lastTransitionTime:Time reason message observedGeneration:int!
        HorizontalPodAutoscalerSpec: scaleTargetRef:CrossVersionObjectReference minReplicas:int! maxReplicas:int!
            metrics[]MetricSpec behavior:HorizontalPodAutoscalerBehavior!
        HorizontalPodAutoscalerStatus: observedGeneration:int! lastScaleTime:Time! currentReplicas:int
            desiredReplicas:int! currentMetrics[]MetricStatus conditions[]HorizontalPodAutoscalerCondition
        MetricIdentifier: name! selector:LabelSelector!
        MetricSpec: type! object:ObjectMetricSource! pods:PodsMetricSource! resource:ResourceMetricSource!
            external:ExternalMetricSource! 7=containerResource:ContainerResourceMetricSource!
        MetricStatus: type! object:ObjectMetricStatus! pods:PodsMetricStatus! resource:ResourceMetricStatus!
            external:ExternalMetricStatus! 7=containerResource:ContainerResourceMetricStatus!
        MetricTarget: type! value:Quantity! averageValue:Quantity! averageUtilization:int!
        MetricValueStatus: value:Quantity! averageValue:Quantity! averageUtilization:int!
        ObjectMetricSource: describedObject:CrossVersionObjectReference target:MetricTarget metric:MetricIdentifier
        ObjectMetricStatus: metric:MetricIdentifier current:MetricValueStatus
            describedObject:CrossVersionObjectReference
        PodsMetricSource: metric:MetricIdentifier target:MetricTarget
        PodsMetricStatus: metric:MetricIdentifier current:MetricValueStatus
        ResourceMetricSource: name! target:MetricTarget
        ResourceMetricStatus: name! current:MetricValueStatus
        """
}
