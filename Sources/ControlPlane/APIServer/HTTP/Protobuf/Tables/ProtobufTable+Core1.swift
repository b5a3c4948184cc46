extension ProtobufTable {
    /// v1
    static let core1 = """
        AWSElasticBlockStoreVolumeSource: volumeID! fsType partition:int readOnly:bool
        Affinity: nodeAffinity:NodeAffinity! podAffinity:PodAffinity! podAntiAffinity:PodAntiAffinity!
        AppArmorProfile: type! localhostProfile!
        AttachedVolume: name! devicePath!
        AzureDiskVolumeSource: diskName! diskURI! cachingMode! fsType! readOnly:bool! kind!
        AzureFilePersistentVolumeSource: secretName! shareName! readOnly:bool secretNamespace!
        AzureFileVolumeSource: secretName! shareName! readOnly:bool
        Binding: metadata:ObjectMeta target:ObjectReference
        CSIPersistentVolumeSource: driver! volumeHandle! readOnly:bool fsType volumeAttributes{}
            controllerPublishSecretRef:SecretReference! nodeStageSecretRef:SecretReference!
            nodePublishSecretRef:SecretReference! controllerExpandSecretRef:SecretReference!
            nodeExpandSecretRef:SecretReference!
        CSIVolumeSource: driver! readOnly:bool! fsType! volumeAttributes{} nodePublishSecretRef:LocalObjectReference!
        Capabilities: add[] drop[]
        CephFSPersistentVolumeSource: monitors[] path user secretFile secretRef:SecretReference! readOnly:bool
        CephFSVolumeSource: monitors[] path user secretFile secretRef:LocalObjectReference! readOnly:bool
        CinderPersistentVolumeSource: volumeID! fsType readOnly:bool secretRef:SecretReference!
        CinderVolumeSource: volumeID! fsType readOnly:bool secretRef:LocalObjectReference!
        ClientIPConfig: timeoutSeconds:int!
        ClusterTrustBundleProjection: name! signerName! labelSelector:LabelSelector! path! optional:bool! user:int!
        ComponentCondition: type! status! message error
        ComponentStatus: metadata:ObjectMeta conditions[]ComponentCondition
        ConfigMap: metadata:ObjectMeta data{} binaryData{}bytes immutable:bool!
        ConfigMapEnvSource: +LocalObjectReference optional:bool!
        ConfigMapKeySelector: +LocalObjectReference key! optional:bool!
        ConfigMapNodeConfigSource: namespace! name! uid resourceVersion kubeletConfigKey!
        ConfigMapProjection: +LocalObjectReference items[]KeyToPath 4=optional:bool!
        ConfigMapVolumeSource: +LocalObjectReference items[]KeyToPath defaultMode:int! optional:bool! defaultUser:int!
        Container: name! image command[] args[] workingDir ports[]ContainerPort env[]EnvVar
            resources:ResourceRequirements volumeMounts[]VolumeMount livenessProbe:Probe! readinessProbe:Probe!
            lifecycle:Lifecycle! terminationMessagePath imagePullPolicy securityContext:SecurityContext! stdin:bool
            stdinOnce:bool tty:bool envFrom[]EnvFromSource terminationMessagePolicy volumeDevices[]VolumeDevice
            startupProbe:Probe! resizePolicy[]ContainerResizePolicy restartPolicy!
            restartPolicyRules[]ContainerRestartRule
        ContainerExtendedResourceRequest: containerName! resourceName! requestName!
        ContainerImage: names[] sizeBytes:int
        ContainerPort: name hostPort:int containerPort:int! protocol hostIP
        ContainerResizePolicy: resourceName! restartPolicy!
        ContainerRestartRule: action exitCodes:ContainerRestartRuleOnExitCodes!
        ContainerRestartRuleOnExitCodes: operator values[]int
        ContainerState: waiting:ContainerStateWaiting! running:ContainerStateRunning!
            terminated:ContainerStateTerminated!
        ContainerStateRunning: startedAt:Time
        ContainerStateTerminated: exitCode:int! signal:int reason message startedAt:Time finishedAt:Time containerID
        ContainerStateWaiting: reason message
        ContainerStatus: name! state:ContainerState lastState:ContainerState ready:bool! restartCount:int! image!
            imageID! containerID started:bool! allocatedResources{}Quantity resources:ResourceRequirements!
            volumeMounts[]VolumeMountStatus user:ContainerUser! allocatedResourcesStatus[]ResourceStatus stopSignal!
        ContainerUser: linux:LinuxContainerUser!
        DaemonEndpoint: Port:int!
        DownwardAPIProjection: items[]DownwardAPIVolumeFile
        DownwardAPIVolumeFile: path! fieldRef:ObjectFieldSelector! resourceFieldRef:ResourceFieldSelector! mode:int!
            user:int!
        DownwardAPIVolumeSource: items[]DownwardAPIVolumeFile defaultMode:int! defaultUser:int!
        EmptyDirVolumeSource: medium sizeLimit:Quantity! mode:int!
        EndpointAddress: ip! targetRef:ObjectReference! hostname nodeName!
        EndpointPort: name port:int! protocol appProtocol!
        EndpointSubset: addresses[]EndpointAddress notReadyAddresses[]EndpointAddress ports[]EndpointPort
        Endpoints: metadata:ObjectMeta subsets[]EndpointSubset
        EnvFromSource: prefix configMapRef:ConfigMapEnvSource! secretRef:SecretEnvSource!
        EnvVar: name! value valueFrom:EnvVarSource!
        EnvVarSource: fieldRef:ObjectFieldSelector! resourceFieldRef:ResourceFieldSelector!
            configMapKeyRef:ConfigMapKeySelector! secretKeyRef:SecretKeySelector! fileKeyRef:FileKeySelector!
        EphemeralContainer: +EphemeralContainerCommon targetContainerName
        EphemeralContainerCommon: name! image command[] args[] workingDir ports[]ContainerPort env[]EnvVar
            resources:ResourceRequirements volumeMounts[]VolumeMount livenessProbe:Probe! readinessProbe:Probe!
            lifecycle:Lifecycle! terminationMessagePath imagePullPolicy securityContext:SecurityContext! stdin:bool
            stdinOnce:bool tty:bool envFrom[]EnvFromSource terminationMessagePolicy volumeDevices[]VolumeDevice
            startupProbe:Probe! resizePolicy[]ContainerResizePolicy restartPolicy!
            restartPolicyRules[]ContainerRestartRule
        EphemeralVolumeSource: volumeClaimTemplate:PersistentVolumeClaimTemplate!
        Event: metadata:ObjectMeta involvedObject:ObjectReference reason message source:EventSource firstTimestamp:Time
            lastTimestamp:Time count:int type eventTime:MicroTime series:EventSeries! action related:ObjectReference!
            reportingComponent! reportingInstance!
        EventSeries: count:int lastObservedTime:MicroTime
        EventSource: component host
        EvictionResponder: name! priority:int!
        ExecAction: command[]
        FCVolumeSource: targetWWNs[] lun:int! fsType readOnly:bool wwids[]
        FileKeySelector: volumeName! path! key! optional:bool!
        FlexPersistentVolumeSource: driver! fsType secretRef:SecretReference! readOnly:bool options{}
        FlexVolumeSource: driver! fsType secretRef:LocalObjectReference! readOnly:bool options{}
        FlockerVolumeSource: datasetName datasetUUID
        GCEPersistentDiskVolumeSource: pdName! fsType partition:int readOnly:bool
        GRPCAction: port:int! service! mode!
        GitRepoVolumeSource: repository! revision directory
        GlusterfsPersistentVolumeSource: endpoints! path! readOnly:bool endpointsNamespace!
        GlusterfsVolumeSource: endpoints! path! readOnly:bool
        HTTPGetAction: path port:IntOrString host scheme httpHeaders[]HTTPHeader protocol!
        HTTPHeader: name! value!
        HostAlias: ip! hostnames[]
        HostIP: ip!
        HostPathVolumeSource: path! type!
        ISCSIPersistentVolumeSource: targetPortal! iqn! lun:int! iscsiInterface fsType readOnly:bool portals[]
            chapAuthDiscovery:bool 10=secretRef:SecretReference! chapAuthSession:bool initiatorName!
        ISCSIVolumeSource: targetPortal! iqn! lun:int! iscsiInterface fsType readOnly:bool portals[]
            chapAuthDiscovery:bool 10=secretRef:LocalObjectReference! chapAuthSession:bool initiatorName!
        ImageVolumeSource: reference pullPolicy
        ImageVolumeStatus: imageRef
        KeyToPath: key! path! mode:int! user:int!
        Lifecycle: postStart:LifecycleHandler! preStop:LifecycleHandler! stopSignal!
        LifecycleHandler: exec:ExecAction! httpGet:HTTPGetAction! tcpSocket:TCPSocketAction! sleep:SleepAction!
        LimitRange: metadata:ObjectMeta spec:LimitRangeSpec
        LimitRangeItem: type! max{}Quantity min{}Quantity default{}Quantity defaultRequest{}Quantity
            maxLimitRequestRatio{}Quantity
        LimitRangeSpec: limits[]LimitRangeItem
        LinuxContainerUser: uid:int! gid:int! supplementalGroups[]int
        LoadBalancerIngress: ip hostname ipMode! ports[]PortStatus
        LoadBalancerStatus: ingress[]LoadBalancerIngress
        LocalObjectReference: name
        LocalVolumeSource: path! fsType!
        ModifyVolumeStatus: targetVolumeAttributesClassName status!
        NFSVolumeSource: server! path! readOnly:bool
        """
}
