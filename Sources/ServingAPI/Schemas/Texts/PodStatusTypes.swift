import KubeModel

extension SchemaText {
    /// `Pod` of core/v1 and its status.
    static let podStatus = SchemaText(
        "core", package: "io.k8s.api.core.v1",
        #"""
        Pod: A group of containers that run together; on a machine each is a supervised process.
          spec! PodSpec: How the pod is to be.
          status PodStatus: How the pod is; written by the node.
        PodStatus preserve: How a pod is.
          observedGeneration int64: The generation that the status speaks of.
          phase string enum=Pending|Running|Succeeded|Failed|Unknown: Where the pod is in its life.
          conditions [PodCondition] keys=type: PodScheduled, Initialized, ContainersReady, Ready, ...
          message string: A sentence for people.
          reason string: A word for machines.
          nominatedNodeName string: Node that is being cleared for it.
          hostIP string: Address of the node.
          hostIPs [HostIP] merge=ip: Addresses of the node.
          podIP string: Address of the pod.
          podIPs [PodIP] keys=ip: Addresses of the pod.
          startTime time: When the node took the pod on.
          initContainerStatuses [ContainerStatus]: How the init containers are.
          containerStatuses [ContainerStatus]: How the containers are.
          qosClass string enum=Guaranteed|Burstable|BestEffort: Class of service, from what it asks for.
          ephemeralContainerStatuses [ContainerStatus]: How the containers for debugging are.
          resize string: Where a change of resources stands; old.
          resourceClaimStatuses [PodResourceClaimStatus] keys=name retainKeys: Claims of devices that were made for it.
          extendedResourceClaimStatus PodExtendedResourceClaimStatus: The claim that stands for its extended resources.
          allocatedResources {quantity}: Resources that the node gave it.
          resources ResourceRequirements: Resources that it runs with.
          nodeAllocatableResourceClaimStatuses [NodeAllocatableResourceClaimStatus] keys=resourceClaimName: What its claims take of the node.
          volumeHealth [PodVolumeHealth] keys=name merge=-: How its volumes are.
        PodCondition: One aspect of a pod's state.
          type! string: Which aspect.
          observedGeneration int64: The generation that the entry speaks of.
          status! string: True, False or Unknown.
          lastProbeTime time: When the aspect was last probed.
          lastTransitionTime time: When the status last changed.
          reason string: A word for machines.
          message string: A sentence for people.
        HostIP: An address of the node.
          ip! string: The address.
        PodIP: An address of the pod.
          ip! string: The address.
        ContainerStatus preserve: How a container is.
          name! string: Name of the container.
          state ContainerState: Its state now.
          lastState ContainerState: How it ended last time.
          ready boolean: Whether it passes its readiness probe.
          restartCount int32: How often it was restarted.
          image string: Image it runs.
          imageID string: Exact image.
          containerID string: Identity of the running container.
          started boolean: Whether it passed its startup probe.
          allocatedResources {quantity}: Resources that the node gave it.
          resources ResourceRequirements: Resources that it runs with.
          volumeMounts [VolumeMountStatus] keys=mountPath: Its mounts.
          user ContainerUser: User of its first process.
          allocatedResourcesStatus [ResourceStatus] keys=name: How its devices are.
          stopSignal string: Signal that stops it.
        ContainerState: State of a container; one of these.
          waiting ContainerStateWaiting: It does not run yet.
          running ContainerStateRunning: It runs.
          terminated ContainerStateTerminated: It has ended.
        ContainerStateWaiting: A container that does not run yet.
          reason string: A word: what it waits for.
          message string: A sentence for people.
        ContainerStateRunning: A container that runs.
          startedAt time: Since when.
        ContainerStateTerminated: A container that has ended.
          exitCode int32: Exit code.
          signal int32: Signal that ended it.
          reason string: A word: Completed, Error, OOMKilled.
          message string: Its last words.
          startedAt time: When it began.
          finishedAt time: When it ended.
          containerID string: Identity of the container.
        VolumeMountStatus: A mount.
          name! string: Name of the volume.
          mountPath! string: Path in the container.
          readOnly boolean: Whether it is read only.
          recursiveReadOnly string: Whether mounts below are read only too.
          volumeStatus VolumeStatus: How the volume is.
        VolumeStatus: How a volume is.
          image ImageVolumeStatus: The image that it comes from.
        ImageVolumeStatus: The image that a volume comes from.
          imageRef string: Exact image.
        ContainerUser: User of a container.
          linux LinuxContainerUser: User on Linux.
        LinuxContainerUser: User of a container on Linux.
          uid int64: Number of the user.
          gid int64: Number of the group.
          supplementalGroups [int64]: Numbers of further groups.
        ResourceStatus: How devices are.
          name! string: Name of the resource.
          resources [ResourceHealth] keys=resourceID merge=-: Each device.
        ResourceHealth: How a device is.
          resourceID! string: Identity of the device.
          health string: Healthy, Unhealthy or Unknown.
          message string: A sentence for people.
        PodResourceClaimStatus: A claim that was made.
          name! string: Name in the pod's resourceClaims.
          resourceClaimName string: Name of the ResourceClaim.
        PodExtendedResourceClaimStatus: The claim that stands for extended resources.
          requestMappings [ContainerExtendedResourceRequest]: Which container asks for what.
          resourceClaimName! string: Name of the ResourceClaim.
        ContainerExtendedResourceRequest: What a container asks for.
          containerName! string: Name of the container.
          resourceName! string: Name of the resource.
          requestName! string: Name of the request in the claim.
        NodeAllocatableResourceClaimStatus: Resources of the node that a claim takes.
          resourceClaimName! string: Name of the ResourceClaim.
          containers [string] set: Containers that use the claim.
          mapping [NodeAllocatableMappedResources] keys=name: What each resource comes to.
          overhead [NodeAllocatableOverheadResources] keys=name: What comes on top.
        NodeAllocatableMappedResources: What a resource comes to.
          name! string: Name of the resource.
          quantity! quantity: How much.
        NodeAllocatableOverheadResources: What comes on top.
          name! string: Name of the resource.
          perPod quantity: For each pod.
          perContainer quantity: For each container.
        PodVolumeHealth: How a volume is.
          name! string: Name of the volume.
          healthConditions [VolumeHealthCondition] keys=status,reason: What is wrong with it.
          lastTransitionTime time: When that last changed.
        VolumeHealthCondition: Something that is wrong with a volume.
          status! string enum=Inaccessible|DataLoss|Degraded: What is wrong.
          reason! string: A word for machines.
          message string: A sentence for people.
        """#)
}
