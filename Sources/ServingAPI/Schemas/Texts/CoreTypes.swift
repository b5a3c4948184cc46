import KubeModel

extension SchemaText {
    /// The other kinds of core/v1.
    static let core = SchemaText(
        "core", package: "io.k8s.api.core.v1",
        #"""
        Namespace: A space for names.
          spec NamespaceSpec: How it is to be.
          status NamespaceStatus: How it is.
        NamespaceSpec: How a namespace is to be.
          finalizers [string]: What must be emptied before it may go.
        NamespaceStatus: How a namespace is.
          phase string enum=Active|Terminating: Active, or Terminating while it is emptied.
          conditions [NamespaceCondition] keys=type: What keeps it from going.
        NamespaceCondition: One aspect of a namespace's state.
          type! string: Which aspect.
          status! string: True, False or Unknown.
          lastTransitionTime time: When the status last changed.
          reason string: A word for machines.
          message string: A sentence for people.
        Secret: Settings that must stay secret.
          immutable boolean: Whether the content can never be changed.
          data {byte}: Keys and bytes, in base64.
          stringData {string}: Keys and texts, for writing: they become data.
          type string: What it holds: Opaque, kubernetes.io/tls, ...
        ConfigMap: Settings that pods read.
          immutable boolean: Whether the content can never be changed.
          data {string}: Keys and texts.
          binaryData {byte}: Keys and bytes, in base64.
        ServiceAccount: An identity for pods.
          secrets [ObjectReference] keys=name: Secrets that its pods may use.
          imagePullSecrets [LocalObjectReference]: Secrets for pulling its pods' images.
          automountServiceAccountToken boolean: Whether its pods get its token.
        ObjectReference atomic: Points at an object.
          kind string: Kind of the object.
          namespace string: Namespace of the object.
          name string: Name of the object.
          uid string: Identity of the object.
          apiVersion string: API version of the object.
          resourceVersion string: Version of the object.
          fieldPath string: Part of the object.
        PersistentVolumeClaim: A request for storage.
          spec PersistentVolumeClaimSpec: What is wanted.
          status PersistentVolumeClaimStatus: What there is.
        PersistentVolumeClaimStatus: What a claim has got.
          phase string enum=Pending|Bound|Lost: Whether a volume is bound.
          accessModes [string] enum=ReadWriteOnce|ReadOnlyMany|ReadWriteMany|ReadWriteOncePod: How the volume may be mounted.
          capacity {quantity}: How much there is.
          conditions [PersistentVolumeClaimCondition] keys=type: Resizing, FileSystemResizePending, ...
          allocatedResources {quantity}: How much is set aside for it.
          allocatedResourceStatuses {string}: Where a resize stands.
          currentVolumeAttributesClassName string: Class of attributes that the volume has.
          modifyVolumeStatus ModifyVolumeStatus: Where a change of that class stands.
          healthStatus VolumeHealthStatus: How the volume is.
        PersistentVolumeClaimCondition: One aspect of a claim's state.
          type! string: Which aspect.
          status! string: True, False or Unknown.
          lastProbeTime time: When the aspect was last probed.
          lastTransitionTime time: When the status last changed.
          reason string: A word for machines.
          message string: A sentence for people.
        ModifyVolumeStatus: Where a change of the class stands.
          targetVolumeAttributesClassName string: Class that is wanted.
          status! string enum=Pending|InProgress|Infeasible: How far it is.
        VolumeHealthStatus: How a volume is.
          healthConditions [VolumeHealthCondition] keys=status,reason: What is wrong with it.
          lastTransitionTime time: When that last changed.
        Event: Something that happened to an object.
          involvedObject! ObjectReference: The object it happened to.
          reason string: A word for machines.
          message string: A sentence for people.
          source EventSource: Who says so.
          firstTimestamp time: When it happened first.
          lastTimestamp time: When it happened last.
          count int32: How often it happened.
          type string: Normal or Warning.
          eventTime time: When it was noticed first.
          series EventSeries: The run of events that this one stands for.
          action string: What was done.
          related ObjectReference: Another object that has to do with it.
          reportingComponent string: Who says so.
          reportingInstance string: Which instance of it.
        EventSource: Who tells of an event.
          component string: Part of the system.
          host string: Node that it is on.
        EventSeries nullable: A run of events.
          count int32: How many.
          lastObservedTime time: When the last one was.
        Service: A name for a set of pods.
          spec ServiceSpec: What is wanted.
          status ServiceStatus: What there is.
        ServiceSpec: How a set of pods is reached.
          ports [ServicePort] keys=port,protocol: Its ports.
          selector {string} atomic: Labels of its pods.
          clusterIP string: Its address; None for no address of its own.
          clusterIPs [string]: Its addresses, one of each family.
          type string enum=ClusterIP|NodePort|LoadBalancer|ExternalName: How it is reached; ClusterIP if not given.
          externalIPs [string]: Further addresses, of machines that send traffic here.
          sessionAffinity string enum=ClientIP|None: Whether a client keeps its pod; None if not given.
          loadBalancerIP string: Address asked for; old.
          loadBalancerSourceRanges [string]: Who may connect, by ranges of addresses.
          externalName string: Name of the host that it stands for.
          externalTrafficPolicy string enum=Cluster|Local: Whether traffic from outside goes to pods of other nodes.
          healthCheckNodePort int32: Port of the node's health check.
          publishNotReadyAddresses boolean: Whether pods count that are not ready.
          sessionAffinityConfig SessionAffinityConfig: Settings of the affinity.
          ipFamilies [string] enum=IPv4|IPv6|: Families of its addresses.
          ipFamilyPolicy string enum=SingleStack|PreferDualStack|RequireDualStack: How many families.
          allocateLoadBalancerNodePorts boolean: Whether a load balancer gets node ports too.
          loadBalancerClass string: Class of load balancer.
          internalTrafficPolicy string enum=Cluster|Local: Whether traffic from inside goes to pods of other nodes.
          trafficDistribution string: How traffic is spread: PreferSameZone, PreferSameNode.
        ServicePort: A port of a service.
          name string: Name of the port; needed if there are several.
          protocol string enum=TCP|UDP|SCTP ="TCP": Protocol of the port.
          appProtocol string: What is spoken: http, kubernetes.io/h2c, ...
          port! int32 min=1 max=65535: Number of the port.
          targetPort int-or-string: Port of the pods, by number or name; the same number if not given.
          nodePort int32 min=0 max=65535: Port on each node.
        SessionAffinityConfig: Settings of the affinity.
          clientIP ClientIPConfig: Settings of ClientIP.
        ClientIPConfig: Settings of ClientIP.
          timeoutSeconds int32: Seconds that a client keeps its pod; 10800 if not given.
        ServiceStatus: What a service has got.
          loadBalancer LoadBalancerStatus: Addresses of its load balancer.
          conditions [meta.Condition] keys=type: What is known about it.
        LoadBalancerStatus: Addresses of a load balancer.
          ingress [LoadBalancerIngress]: The addresses.
        LoadBalancerIngress: An address of a load balancer.
          ip string: The address.
          hostname string: Its name.
          ipMode string: VIP or Proxy: whether packets keep their destination.
          ports [PortStatus]: Its ports.
        PortStatus: A port of a load balancer.
          port int32: Number of the port.
          protocol string enum=TCP|UDP|SCTP: Protocol of the port.
          error string: Why it does not work.
        PersistentVolumeSpec: A volume; one source.
          capacity {quantity}: How much it holds.
          + PersistentVolumeSource
          accessModes [string] enum=ReadWriteOnce|ReadOnlyMany|ReadWriteMany|ReadWriteOncePod: How it may be mounted.
          claimRef ObjectReference: The claim that is bound.
          persistentVolumeReclaimPolicy string enum=Recycle|Delete|Retain: What happens to it when its claim goes.
          storageClassName string: Class of storage.
          mountOptions [string]: Options of the mount.
          volumeMode string enum=Block|Filesystem: Whether with a file system or raw.
          nodeAffinity VolumeNodeAffinity: Nodes that can mount it.
          volumeAttributesClassName string: Class of attributes of the volume.
        PersistentVolumeSource: Where a volume comes from.
          gcePersistentDisk GCEPersistentDiskVolumeSource: A disk of Google's cloud; old.
          awsElasticBlockStore AWSElasticBlockStoreVolumeSource: A disk of Amazon's cloud; old.
          hostPath HostPathVolumeSource: A path of the host.
          glusterfs object: A Gluster volume; old.
          nfs NFSVolumeSource: An NFS export.
          rbd object: A Rados block device; old.
          iscsi object: An iSCSI disk.
          cinder object: A disk of OpenStack; old.
          cephfs object: A CephFS directory; old.
          fc FCVolumeSource: A Fibre Channel disk.
          flocker FlockerVolumeSource: A Flocker volume; old.
          flexVolume object: A volume of a flex plugin; old.
          azureFile object: A file share of Azure; old.
          vsphereVolume VsphereVirtualDiskVolumeSource: A disk of vSphere; old.
          quobyte QuobyteVolumeSource: A Quobyte volume; old.
          azureDisk AzureDiskVolumeSource: A disk of Azure; old.
          photonPersistentDisk PhotonPersistentDiskVolumeSource: A disk of Photon; old.
          portworxVolume PortworxVolumeSource: A Portworx volume; old.
          scaleIO object: A ScaleIO volume; old.
          local LocalVolumeSource: A path or disk of one node.
          storageos object: A StorageOS volume; old.
          csi CSIPersistentVolumeSource: A volume of a CSI driver.
        LocalVolumeSource: A path or disk of one node.
          path! string: The path.
          fsType string: File system.
        SecretReference atomic: A Secret in any namespace.
          name string: Name of the Secret.
          namespace string: Namespace of the Secret.
        CSIPersistentVolumeSource: A volume of a CSI driver.
          driver! string: Name of the driver.
          volumeHandle! string: Identity of the volume.
          readOnly boolean: Whether it is read only.
          fsType string: File system.
          volumeAttributes {string}: Settings for the driver.
          controllerPublishSecretRef SecretReference: Secret for attaching.
          nodeStageSecretRef SecretReference: Secret for staging.
          nodePublishSecretRef SecretReference: Secret for mounting.
          controllerExpandSecretRef SecretReference: Secret for enlarging.
          nodeExpandSecretRef SecretReference: Secret for enlarging on the node.
        VolumeNodeAffinity: Nodes that can mount a volume.
          required NodeSelector: The nodes.
        """#)
}
