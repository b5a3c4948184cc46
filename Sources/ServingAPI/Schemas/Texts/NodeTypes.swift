import KubeModel

extension SchemaText {
    /// `Node` of core/v1.
    static let nodes = SchemaText(
        "node", package: "io.k8s.api.core.v1",
        """
        Node: A machine that runs pods.
          spec NodeSpec: How it is to be used.
          status NodeStatus: How it is; written by the node.
        NodeSpec: How a node is to be used.
          podCIDR string: Addresses for its pods.
          podCIDRs [string] set: Addresses for its pods, one range for each family.
          providerID string: Name of the machine at its provider.
          unschedulable boolean: Whether new pods stay away.
          taints [Taint]: What keeps pods away that do not tolerate it.
          configSource object: No longer in use.
          externalID string: No longer in use.
          podPreemptionPolicy NodePodPreemptionPolicy: Which pods may push others out.
        NodePodPreemptionPolicy: Which pods may push others out.
          disableResizePreemption [string] set: What does not push others out when it is resized.
        Taint: Keeps pods away that do not tolerate it.
          key! string: Key of the taint.
          value string: Value of the taint.
          effect! string enum=NoSchedule|PreferNoSchedule|NoExecute: What happens to pods that do not tolerate it.
          timeAdded time: When it was added.
        NodeStatus: How a node is.
          capacity {quantity}: What the machine has.
          allocatable {quantity}: What pods may use of it.
          phase string enum=Pending|Running|Terminated: No longer in use.
          conditions [NodeCondition] keys=type: Ready, MemoryPressure, DiskPressure, PIDPressure, ...
          addresses [NodeAddress] keys=type: Its addresses.
          daemonEndpoints NodeDaemonEndpoints: Ports of its services.
          nodeInfo NodeSystemInfo: What it is and runs.
          images [ContainerImage]: Images that it has.
          volumesInUse [string]: Volumes that are mounted.
          volumesAttached [AttachedVolume]: Volumes that are attached.
          config object: No longer in use.
          runtimeHandlers [NodeRuntimeHandler]: Container runtimes that it has.
          features NodeFeatures: What its runtime can do.
          declaredFeatures [string]: Features that it says it has.
        NodeCondition: One aspect of a node's state.
          type string: Which aspect.
          status string: True, False or Unknown.
          lastHeartbeatTime time: When the entry was last confirmed.
          lastTransitionTime time: When the status last changed.
          reason string: A word for machines.
          message string: A sentence for people.
        NodeAddress: An address of a node.
          type string: Hostname, InternalIP, ExternalIP, InternalDNS or ExternalDNS.
          address string: The address.
        NodeDaemonEndpoints: Ports of a node's services.
          kubeletEndpoint DaemonEndpoint: Port of the kubelet.
        DaemonEndpoint: A port.
          Port! int32: Number of the port.
        NodeSystemInfo: What a node is and runs.
          machineID string: Identity of the machine.
          systemUUID string: Identity of its hardware.
          bootID string: Identity of this start of it.
          kernelVersion string: Version of the kernel.
          osImage string: Name of the operating system.
          containerRuntimeVersion string: Name and version of what runs containers.
          kubeletVersion string: Version of the kubelet.
          kubeProxyVersion string: No longer in use.
          operatingSystem string: linux or windows.
          architecture string: amd64, arm64, ...
          swap NodeSwapStatus: Its swap.
        NodeSwapStatus: Swap of a node.
          capacity int64: Bytes of swap.
        ContainerImage: An image that a node has.
          names [string]: Its names.
          sizeBytes int64: Its size in bytes.
        AttachedVolume: A volume that is attached.
          name! string: Name of the volume.
          devicePath string: Path of the device.
        NodeRuntimeHandler: A container runtime.
          name string: Name of the runtime; empty for the default.
          features NodeRuntimeHandlerFeatures: What it can do.
        NodeRuntimeHandlerFeatures: What a container runtime can do.
          recursiveReadOnlyMounts boolean: Whether mounts can be read only all the way down.
          userNamespaces boolean: Whether pods can have users of their own.
        NodeFeatures: What a node's runtime can do.
          supplementalGroupsPolicy boolean: Whether it knows supplementalGroupsPolicy.
        """)
}
