extension ProtobufTable {
    /// v1
    static let core3 = """
        SecretKeySelector: +LocalObjectReference key! optional:bool!
        SecretProjection: +LocalObjectReference items[]KeyToPath 4=optional:bool!
        SecretReference: name namespace
        SecretVolumeSource: secretName items[]KeyToPath defaultMode:int! optional:bool! defaultUser:int!
        SecurityContext: capabilities:Capabilities! privileged:bool! seLinuxOptions:SELinuxOptions! runAsUser:int!
            runAsNonRoot:bool! readOnlyRootFilesystem:bool! allowPrivilegeEscalation:bool! runAsGroup:int! procMount!
            windowsOptions:WindowsSecurityContextOptions! seccompProfile:SeccompProfile!
            appArmorProfile:AppArmorProfile!
        Service: metadata:ObjectMeta spec:ServiceSpec status:ServiceStatus
        ServiceAccount: metadata:ObjectMeta secrets[]ObjectReference imagePullSecrets[]LocalObjectReference
            automountServiceAccountToken:bool!
        ServiceAccountTokenProjection: audience expirationSeconds:int! path! user:int!
        ServicePort: name protocol port:int! targetPort:IntOrString nodePort:int appProtocol!
        ServiceSpec: ports[]ServicePort selector{} clusterIP type externalIPs[] 7=sessionAffinity loadBalancerIP
            loadBalancerSourceRanges[] externalName externalTrafficPolicy healthCheckNodePort:int
            publishNotReadyAddresses:bool sessionAffinityConfig:SessionAffinityConfig! 17=ipFamilyPolicy! clusterIPs[]
            ipFamilies[] allocateLoadBalancerNodePorts:bool! loadBalancerClass! internalTrafficPolicy!
            trafficDistribution!
        ServiceStatus: loadBalancer:LoadBalancerStatus conditions[]Condition
        SessionAffinityConfig: clientIP:ClientIPConfig!
        SleepAction: seconds:int!
        StorageOSPersistentVolumeSource: volumeName volumeNamespace fsType readOnly:bool secretRef:ObjectReference!
        StorageOSVolumeSource: volumeName volumeNamespace fsType readOnly:bool secretRef:LocalObjectReference!
        Sysctl: name! value!
        TCPSocketAction: port:IntOrString host
        Taint: key! value effect! timeAdded:Time!
        Toleration: key operator value effect tolerationSeconds:int!
        TopologySelectorLabelRequirement: key! values[]
        TopologySelectorTerm: matchLabelExpressions[]TopologySelectorLabelRequirement
        TopologySpreadConstraint: maxSkew:int! topologyKey! whenUnsatisfiable! labelSelector:LabelSelector!
            minDomains:int! nodeAffinityPolicy! nodeTaintsPolicy! matchLabelKeys[]
        TypedLocalObjectReference: apiGroup! kind! name!
        TypedObjectReference: apiGroup! kind! name! namespace!
        Volume: name! +VolumeSource
        VolumeDevice: name! devicePath!
        VolumeHealthCondition: status! reason! message
        VolumeHealthStatus: healthConditions[]VolumeHealthCondition lastTransitionTime:Time
        VolumeMount: name! readOnly:bool mountPath! subPath mountPropagation! subPathExpr recursiveReadOnly!
            bindMountOptions[]
        VolumeMountStatus: name! mountPath! readOnly:bool recursiveReadOnly! volumeStatus:VolumeStatus!
        VolumeNodeAffinity: required:NodeSelector!
        VolumeProjection: secret:SecretProjection! downwardAPI:DownwardAPIProjection! configMap:ConfigMapProjection!
            serviceAccountToken:ServiceAccountTokenProjection! clusterTrustBundle:ClusterTrustBundleProjection!
            podCertificate:PodCertificateProjection!
        VolumeResourceRequirements: limits{}Quantity requests{}Quantity
        VolumeSource: hostPath:HostPathVolumeSource! emptyDir:EmptyDirVolumeSource!
            gcePersistentDisk:GCEPersistentDiskVolumeSource! awsElasticBlockStore:AWSElasticBlockStoreVolumeSource!
            gitRepo:GitRepoVolumeSource! secret:SecretVolumeSource! nfs:NFSVolumeSource! iscsi:ISCSIVolumeSource!
            glusterfs:GlusterfsVolumeSource! persistentVolumeClaim:PersistentVolumeClaimVolumeSource!
            rbd:RBDVolumeSource! flexVolume:FlexVolumeSource! cinder:CinderVolumeSource! cephfs:CephFSVolumeSource!
            flocker:FlockerVolumeSource! downwardAPI:DownwardAPIVolumeSource! fc:FCVolumeSource!
            azureFile:AzureFileVolumeSource! configMap:ConfigMapVolumeSource!
            vsphereVolume:VsphereVirtualDiskVolumeSource! quobyte:QuobyteVolumeSource! azureDisk:AzureDiskVolumeSource!
            photonPersistentDisk:PhotonPersistentDiskVolumeSource! portworxVolume:PortworxVolumeSource!
            scaleIO:ScaleIOVolumeSource! projected:ProjectedVolumeSource! storageos:StorageOSVolumeSource!
            csi:CSIVolumeSource! ephemeral:EphemeralVolumeSource! image:ImageVolumeSource!
        VolumeStatus: image:ImageVolumeStatus!
        VsphereVirtualDiskVolumeSource: volumePath! fsType storagePolicyName storagePolicyID
        WeightedPodAffinityTerm: weight:int! podAffinityTerm:PodAffinityTerm
        WindowsSecurityContextOptions: gmsaCredentialSpecName! gmsaCredentialSpec! runAsUserName! hostProcess:bool!
        """
}
