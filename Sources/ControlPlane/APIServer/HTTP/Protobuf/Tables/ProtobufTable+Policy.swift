extension ProtobufTable {
    /// policy/v1
    static let policy = """
        Eviction: metadata:ObjectMeta deleteOptions:DeleteOptions!
        PodDisruptionBudget: metadata:ObjectMeta spec:PodDisruptionBudgetSpec status:PodDisruptionBudgetStatus
        PodDisruptionBudgetSpec: minAvailable:IntOrString! selector:LabelSelector! maxUnavailable:IntOrString!
            unhealthyPodEvictionPolicy!
        PodDisruptionBudgetStatus: observedGeneration:int disruptedPods{}Time disruptionsAllowed:int!
            currentHealthy:int! desiredHealthy:int! expectedPods:int! conditions[]Condition
        """
}
