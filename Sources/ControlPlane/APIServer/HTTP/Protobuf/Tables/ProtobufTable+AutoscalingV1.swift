extension ProtobufTable {
    /// autoscaling/v1
    static let autoscalingV1 = """
        CrossVersionObjectReference: kind! name! apiVersion
        HorizontalPodAutoscaler: metadata:ObjectMeta spec:HorizontalPodAutoscalerSpec
            status:HorizontalPodAutoscalerStatus
        HorizontalPodAutoscalerSpec: scaleTargetRef:CrossVersionObjectReference minReplicas:int! maxReplicas:int!
            targetCPUUtilizationPercentage:int!
        HorizontalPodAutoscalerStatus: observedGeneration:int! lastScaleTime:Time! currentReplicas:int!
            desiredReplicas:int! currentCPUUtilizationPercentage:int!
        Scale: metadata:ObjectMeta spec:ScaleSpec status:ScaleStatus
        ScaleSpec: replicas:int
        ScaleStatus: replicas:int! selector
        """
}
