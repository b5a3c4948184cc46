extension ProtobufTable {
    /// storage.k8s.io/v1
    static let storage = """
        CSIDriver: metadata:ObjectMeta spec:CSIDriverSpec
        CSIDriverSpec: attachRequired:bool! podInfoOnMount:bool! volumeLifecycleModes[] storageCapacity:bool!
            fsGroupPolicy! tokenRequests[]TokenRequest requiresRepublish:bool! seLinuxMount:bool!
            nodeAllocatableUpdatePeriodSeconds:int! serviceAccountTokenInSecrets:bool!
            preventPodSchedulingIfMissing:bool!
        CSINode: metadata:ObjectMeta spec:CSINodeSpec status:CSINodeStatus
        CSINodeDriver: name! nodeID! topologyKeys[] allocatable:VolumeNodeResources!
        CSINodeSpec: drivers[]CSINodeDriver
        CSINodeStatus: storageHealth[]StorageHealth
        CSIStorageCapacity: metadata:ObjectMeta nodeTopology:LabelSelector! storageClassName! capacity:Quantity!
            maximumVolumeSize:Quantity!
        StorageClass: metadata:ObjectMeta provisioner! parameters{} reclaimPolicy! mountOptions[]
            allowVolumeExpansion:bool! volumeBindingMode! allowedTopologies[]TopologySelectorTerm
        StorageHealth: name! healthConditions[]StorageHealthCondition
        StorageHealthCondition: status! reason! message accessMode! volumeMode! lastTransitionTime:Time
        TokenRequest: audience! expirationSeconds:int!
        VolumeAttachment: metadata:ObjectMeta spec:VolumeAttachmentSpec status:VolumeAttachmentStatus
        VolumeAttachmentSource: persistentVolumeName! inlineVolumeSpec:PersistentVolumeSpec!
        VolumeAttachmentSpec: attacher! source:VolumeAttachmentSource nodeName!
        VolumeAttachmentStatus: attached:bool! attachmentMetadata{} attachError:VolumeError! detachError:VolumeError!
        VolumeAttributesClass: metadata:ObjectMeta driverName! parameters{}
        VolumeError: time:Time message errorCode:int!
        VolumeNodeResources: count:int!
        """
}
