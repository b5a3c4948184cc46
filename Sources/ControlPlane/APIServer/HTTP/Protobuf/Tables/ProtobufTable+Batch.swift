extension ProtobufTable {
    /// batch/v1
    static let batch = """
        CronJob: metadata:ObjectMeta spec:CronJobSpec status:CronJobStatus
        CronJobSpec: schedule! startingDeadlineSeconds:int! concurrencyPolicy suspend:bool! jobTemplate:JobTemplateSpec
            successfulJobsHistoryLimit:int! failedJobsHistoryLimit:int! timeZone!
        CronJobStatus: active[]ObjectReference 4=lastScheduleTime:Time! lastSuccessfulTime:Time!
        Job: metadata:ObjectMeta spec:JobSpec status:JobStatus
        JobCondition: type! status! lastProbeTime:Time lastTransitionTime:Time reason message
        JobSpec: parallelism:int! completions:int! activeDeadlineSeconds:int! selector:LabelSelector!
            manualSelector:bool! template:PodTemplateSpec backoffLimit:int! ttlSecondsAfterFinished:int! completionMode!
            suspend:bool! podFailurePolicy:PodFailurePolicy! backoffLimitPerIndex:int! maxFailedIndexes:int!
            podReplacementPolicy! managedBy! successPolicy:SuccessPolicy!
        JobStatus: conditions[]JobCondition startTime:Time! completionTime:Time! active:int succeeded:int failed:int
            completedIndexes uncountedTerminatedPods:UncountedTerminatedPods! ready:int! failedIndexes! terminating:int!
        JobTemplateSpec: metadata:ObjectMeta spec:JobSpec
        PodFailurePolicy: rules[]PodFailurePolicyRule
        PodFailurePolicyOnExitCodesRequirement: containerName! operator! values[]int
        PodFailurePolicyOnPodConditionsPattern: type! status!
        PodFailurePolicyRule: action! onExitCodes:PodFailurePolicyOnExitCodesRequirement!
            onPodConditions[]PodFailurePolicyOnPodConditionsPattern
        SuccessPolicy: rules[]SuccessPolicyRule
        SuccessPolicyRule: succeededIndexes! succeededCount:int!
        UncountedTerminatedPods: succeeded[] failed[]
        """
}
