extension ProtobufTable {
    /// apps/v1
    static let apps = """
        ControllerRevision: metadata:ObjectMeta data:Raw revision:int!
        DaemonSet: metadata:ObjectMeta spec:DaemonSetSpec status:DaemonSetStatus
        DaemonSetCondition: type! status! lastTransitionTime:Time reason message
        DaemonSetSpec: selector:LabelSelector! template:PodTemplateSpec updateStrategy:DaemonSetUpdateStrategy
            minReadySeconds:int 6=revisionHistoryLimit:int!
        DaemonSetStatus: currentNumberScheduled:int! numberMisscheduled:int! desiredNumberScheduled:int!
            numberReady:int! observedGeneration:int updatedNumberScheduled:int numberAvailable:int numberUnavailable:int
            collisionCount:int! conditions[]DaemonSetCondition
        DaemonSetUpdateStrategy: type rollingUpdate:RollingUpdateDaemonSet!
        Deployment: metadata:ObjectMeta spec:DeploymentSpec status:DeploymentStatus
        DeploymentCondition: type! status! 4=reason message lastUpdateTime:Time lastTransitionTime:Time
        DeploymentSpec: replicas:int! selector:LabelSelector! template:PodTemplateSpec strategy:DeploymentStrategy
            minReadySeconds:int revisionHistoryLimit:int! paused:bool 9=progressDeadlineSeconds:int!
        DeploymentStatus: observedGeneration:int replicas:int updatedReplicas:int availableReplicas:int
            unavailableReplicas:int conditions[]DeploymentCondition readyReplicas:int collisionCount:int!
            terminatingReplicas:int!
        DeploymentStrategy: type rollingUpdate:RollingUpdateDeployment!
        ReplicaSet: metadata:ObjectMeta spec:ReplicaSetSpec status:ReplicaSetStatus
        ReplicaSetCondition: type! status! lastTransitionTime:Time reason message
        ReplicaSetSpec: replicas:int! selector:LabelSelector! template:PodTemplateSpec minReadySeconds:int
        ReplicaSetStatus: replicas:int! fullyLabeledReplicas:int observedGeneration:int readyReplicas:int
            availableReplicas:int conditions[]ReplicaSetCondition terminatingReplicas:int!
        RollingUpdateDaemonSet: maxUnavailable:IntOrString! maxSurge:IntOrString!
        RollingUpdateDeployment: maxUnavailable:IntOrString! maxSurge:IntOrString!
        RollingUpdateStatefulSetStrategy: partition:int! maxUnavailable:IntOrString!
        StatefulSet: metadata:ObjectMeta spec:StatefulSetSpec status:StatefulSetStatus
        StatefulSetCondition: type! status! lastTransitionTime:Time reason message
        StatefulSetOrdinals: start:int!
        StatefulSetPersistentVolumeClaimRetentionPolicy: whenDeleted whenScaled
        StatefulSetSpec: replicas:int! selector:LabelSelector! template:PodTemplateSpec
            volumeClaimTemplates[]PersistentVolumeClaim serviceName! podManagementPolicy
            updateStrategy:StatefulSetUpdateStrategy revisionHistoryLimit:int! minReadySeconds:int
            persistentVolumeClaimRetentionPolicy:StatefulSetPersistentVolumeClaimRetentionPolicy!
            ordinals:StatefulSetOrdinals!
        StatefulSetStatus: observedGeneration:int replicas:int! readyReplicas:int currentReplicas:int
            updatedReplicas:int currentRevision updateRevision 9=collisionCount:int! conditions[]StatefulSetCondition
            availableReplicas:int!
        StatefulSetUpdateStrategy: type rollingUpdate:RollingUpdateStatefulSetStrategy!
        """
}
