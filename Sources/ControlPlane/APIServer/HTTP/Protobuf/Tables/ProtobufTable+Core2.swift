extension ProtobufTable {
    /// v1
    static let core2 = """
        Namespace: metadata:ObjectMeta spec:NamespaceSpec status:NamespaceStatus
        NamespaceCondition: type! status! 4=lastTransitionTime:Time reason message
        NamespaceSpec: finalizers[]
        NamespaceStatus: phase conditions[]NamespaceCondition
        Node: metadata:ObjectMeta spec:NodeSpec status:NodeStatus
        NodeAddress: type! address!
        NodeAffinity: requiredDuringSchedulingIgnoredDuringExecution:NodeSelector!
            preferredDuringSchedulingIgnoredDuringExecution[]PreferredSchedulingTerm
        NodeAllocatableMappedResources: name! quantity:Quantity!
        NodeAllocatableOverheadResources: name! perPod:Quantity! perContainer:Quantity!
        NodeAllocatableResourceClaimStatus: resourceClaimName! containers[] 4=mapping[]NodeAllocatableMappedResources
            overhead[]NodeAllocatableOverheadResources
        NodeCondition: type! status! lastHeartbeatTime:Time lastTransitionTime:Time reason message
        NodeConfigSource: 2=configMap:ConfigMapNodeConfigSource!
        NodeConfigStatus: assigned:NodeConfigSource! active:NodeConfigSource! lastKnownGood:NodeConfigSource! error
        NodeDaemonEndpoints: kubeletEndpoint:DaemonEndpoint
        NodeFeatures: supplementalGroupsPolicy:bool!
        NodePodPreemptionPolicy: disableResizePreemption[]
        NodeRuntimeHandler: name! features:NodeRuntimeHandlerFeatures!
        NodeRuntimeHandlerFeatures: recursiveReadOnlyMounts:bool! userNamespaces:bool!
        NodeSelector: nodeSelectorTerms[]NodeSelectorTerm
        NodeSelectorRequirement: key! operator! values[]
        NodeSelectorTerm: matchExpressions[]NodeSelectorRequirement matchFields[]NodeSelectorRequirement
        NodeSpec: podCIDR externalID providerID unschedulable:bool taints[]Taint configSource:NodeConfigSource!
            podCIDRs[] podPreemptionPolicy:NodePodPreemptionPolicy!
        NodeStatus: capacity{}Quantity allocatable{}Quantity phase conditions[]NodeCondition addresses[]NodeAddress
            daemonEndpoints:NodeDaemonEndpoints nodeInfo:NodeSystemInfo images[]ContainerImage volumesInUse[]
            volumesAttached[]AttachedVolume config:NodeConfigStatus! runtimeHandlers[]NodeRuntimeHandler
            features:NodeFeatures! declaredFeatures[]
        NodeSwapStatus: capacity:int!
        NodeSystemInfo: machineID! systemUUID! bootID! kernelVersion! osImage! containerRuntimeVersion! kubeletVersion!
            kubeProxyVersion! operatingSystem! architecture! swap:NodeSwapStatus!
        ObjectFieldSelector: apiVersion fieldPath!
        ObjectReference: kind namespace name uid apiVersion resourceVersion fieldPath
        PersistentVolume: metadata:ObjectMeta spec:PersistentVolumeSpec status:PersistentVolumeStatus
        PersistentVolumeClaim: metadata:ObjectMeta spec:PersistentVolumeClaimSpec status:PersistentVolumeClaimStatus
        PersistentVolumeClaimCondition: type! status! lastProbeTime:Time lastTransitionTime:Time reason message
        PersistentVolumeClaimSpec: accessModes[] resources:VolumeResourceRequirements volumeName selector:LabelSelector!
            storageClassName! volumeMode! dataSource:TypedLocalObjectReference! dataSourceRef:TypedObjectReference!
            volumeAttributesClassName!
        PersistentVolumeClaimStatus: phase accessModes[] capacity{}Quantity conditions[]PersistentVolumeClaimCondition
            allocatedResources{}Quantity 7=allocatedResourceStatuses{} currentVolumeAttributesClassName!
            modifyVolumeStatus:ModifyVolumeStatus! healthStatus:VolumeHealthStatus!
        PersistentVolumeClaimTemplate: metadata:ObjectMeta spec:PersistentVolumeClaimSpec
        PersistentVolumeClaimVolumeSource: claimName! readOnly:bool
        PersistentVolumeSource: gcePersistentDisk:GCEPersistentDiskVolumeSource!
            awsElasticBlockStore:AWSElasticBlockStoreVolumeSource! hostPath:HostPathVolumeSource!
            glusterfs:GlusterfsPersistentVolumeSource! nfs:NFSVolumeSource! rbd:RBDPersistentVolumeSource!
            iscsi:ISCSIPersistentVolumeSource! cinder:CinderPersistentVolumeSource! cephfs:CephFSPersistentVolumeSource!
            fc:FCVolumeSource! flocker:FlockerVolumeSource! flexVolume:FlexPersistentVolumeSource!
            azureFile:AzureFilePersistentVolumeSource! vsphereVolume:VsphereVirtualDiskVolumeSource!
            quobyte:QuobyteVolumeSource! azureDisk:AzureDiskVolumeSource!
            photonPersistentDisk:PhotonPersistentDiskVolumeSource! portworxVolume:PortworxVolumeSource!
            scaleIO:ScaleIOPersistentVolumeSource! local:LocalVolumeSource! storageos:StorageOSPersistentVolumeSource!
            csi:CSIPersistentVolumeSource!
        PersistentVolumeSpec: capacity{}Quantity +PersistentVolumeSource accessModes[] claimRef:ObjectReference!
            persistentVolumeReclaimPolicy storageClassName mountOptions[] volumeMode! nodeAffinity:VolumeNodeAffinity!
            volumeAttributesClassName!
        PersistentVolumeStatus: phase message reason lastPhaseTransitionTime:Time!
        PhotonPersistentDiskVolumeSource: pdID! fsType
        Pod: metadata:ObjectMeta spec:PodSpec status:PodStatus
        PodAffinity: requiredDuringSchedulingIgnoredDuringExecution[]PodAffinityTerm
            preferredDuringSchedulingIgnoredDuringExecution[]WeightedPodAffinityTerm
        PodAffinityTerm: labelSelector:LabelSelector! namespaces[] topologyKey! namespaceSelector:LabelSelector!
            matchLabelKeys[] mismatchLabelKeys[]
        PodAntiAffinity: requiredDuringSchedulingIgnoredDuringExecution[]PodAffinityTerm
            preferredDuringSchedulingIgnoredDuringExecution[]WeightedPodAffinityTerm
        PodCertificateProjection: signerName keyType maxExpirationSeconds:int! credentialBundlePath keyPath
            certificateChainPath userAnnotations{} user:int!
        PodCondition: type! status! lastProbeTime:Time lastTransitionTime:Time reason message observedGeneration:int
        PodDNSConfig: nameservers[] searches[] options[]PodDNSConfigOption
        PodDNSConfigOption: name value!
        PodExtendedResourceClaimStatus: requestMappings[]ContainerExtendedResourceRequest resourceClaimName!
        PodIP: ip!
        PodOS: name!
        PodReadinessGate: conditionType!
        PodResourceClaim: name! 3=resourceClaimName! resourceClaimTemplateName!
        PodResourceClaimStatus: name! resourceClaimName!
        PodSchedulingGate: name!
        PodSchedulingGroup: podGroupName!
        PodSecurityContext: seLinuxOptions:SELinuxOptions! runAsUser:int! runAsNonRoot:bool! supplementalGroups[]int
            fsGroup:int! runAsGroup:int! sysctls[]Sysctl windowsOptions:WindowsSecurityContextOptions!
            fsGroupChangePolicy! seccompProfile:SeccompProfile! appArmorProfile:AppArmorProfile!
            supplementalGroupsPolicy! seLinuxChangePolicy!
        PodSpec: volumes[]Volume containers[]Container restartPolicy terminationGracePeriodSeconds:int!
            activeDeadlineSeconds:int! dnsPolicy nodeSelector{} serviceAccountName serviceAccount nodeName
            hostNetwork:bool hostPID:bool hostIPC:bool securityContext:PodSecurityContext!
            imagePullSecrets[]LocalObjectReference hostname subdomain affinity:Affinity! schedulerName
            initContainers[]Container automountServiceAccountToken:bool! tolerations[]Toleration hostAliases[]HostAlias
            priorityClassName priority:int! dnsConfig:PodDNSConfig! shareProcessNamespace:bool!
            readinessGates[]PodReadinessGate runtimeClassName! enableServiceLinks:bool! preemptionPolicy!
            overhead{}Quantity topologySpreadConstraints[]TopologySpreadConstraint
            ephemeralContainers[]EphemeralContainer setHostnameAsFQDN:bool! os:PodOS! hostUsers:bool!
            schedulingGates[]PodSchedulingGate resourceClaims[]PodResourceClaim resources:ResourceRequirements!
            hostnameOverride! 43=schedulingGroup:PodSchedulingGroup! evictionResponders[]EvictionResponder
        PodStatus: phase conditions[]PodCondition message reason hostIP podIP startTime:Time!
            containerStatuses[]ContainerStatus qosClass initContainerStatuses[]ContainerStatus nominatedNodeName
            podIPs[]PodIP ephemeralContainerStatuses[]ContainerStatus resize
            resourceClaimStatuses[]PodResourceClaimStatus hostIPs[]HostIP observedGeneration:int
            extendedResourceClaimStatus:PodExtendedResourceClaimStatus! allocatedResources{}Quantity
            resources:ResourceRequirements! nodeAllocatableResourceClaimStatuses[]NodeAllocatableResourceClaimStatus
            volumeHealth[]PodVolumeHealth
        PodTemplate: metadata:ObjectMeta template:PodTemplateSpec
        PodTemplateSpec: metadata:ObjectMeta spec:PodSpec
        PodVolumeHealth: name! healthConditions[]VolumeHealthCondition lastTransitionTime:Time
        PortStatus: port:int! protocol! error!
        PortworxVolumeSource: volumeID! fsType readOnly:bool
        PreferredSchedulingTerm: weight:int! preference:NodeSelectorTerm
        Probe: +ProbeHandler initialDelaySeconds:int timeoutSeconds:int periodSeconds:int successThreshold:int
            failureThreshold:int terminationGracePeriodSeconds:int!
        ProbeHandler: exec:ExecAction! httpGet:HTTPGetAction! tcpSocket:TCPSocketAction! grpc:GRPCAction!
        ProjectedVolumeSource: sources[]VolumeProjection defaultMode:int! defaultUser:int!
        QuobyteVolumeSource: registry! volume! readOnly:bool user group tenant
        RBDPersistentVolumeSource: monitors[] image! fsType pool user keyring secretRef:SecretReference! readOnly:bool
        RBDVolumeSource: monitors[] image! fsType pool user keyring secretRef:LocalObjectReference! readOnly:bool
        RangeAllocation: metadata:ObjectMeta range! data:bytes!
        ReplicationController: metadata:ObjectMeta spec:ReplicationControllerSpec status:ReplicationControllerStatus
        ReplicationControllerCondition: type! status! lastTransitionTime:Time reason message
        ReplicationControllerSpec: replicas:int! selector{} template:PodTemplateSpec! minReadySeconds:int
        ReplicationControllerStatus: replicas:int! fullyLabeledReplicas:int observedGeneration:int readyReplicas:int
            availableReplicas:int conditions[]ReplicationControllerCondition
        ResourceClaim: name! request
        ResourceFieldSelector: containerName resource! divisor:Quantity
        ResourceHealth: resourceID! health 6=message!
        ResourceQuota: metadata:ObjectMeta spec:ResourceQuotaSpec status:ResourceQuotaStatus
        ResourceQuotaSpec: hard{}Quantity scopes[] scopeSelector:ScopeSelector!
        ResourceQuotaStatus: hard{}Quantity used{}Quantity
        ResourceRequirements: limits{}Quantity requests{}Quantity claims[]ResourceClaim
        ResourceStatus: name! resources[]ResourceHealth
        SELinuxOptions: user role type level
        ScaleIOPersistentVolumeSource: gateway! system! secretRef:SecretReference! sslEnabled:bool protectionDomain
            storagePool storageMode volumeName fsType readOnly:bool
        ScaleIOVolumeSource: gateway! system! secretRef:LocalObjectReference! sslEnabled:bool protectionDomain
            storagePool storageMode volumeName fsType readOnly:bool
        ScopeSelector: matchExpressions[]ScopedResourceSelectorRequirement
        ScopedResourceSelectorRequirement: scopeName! operator! values[]
        SeccompProfile: type! localhostProfile!
        Secret: metadata:ObjectMeta data{}bytes type stringData{} immutable:bool!
        SecretEnvSource: +LocalObjectReference optional:bool!
        """
}
