import KubeModel

extension SchemaText {
    /// `PodSpec` of core/v1 and what belongs to it: scheduling, names, privileges.
    static let pods = SchemaText(
        "core", package: "io.k8s.api.core.v1",
        #"""
        PodTemplateSpec: What each pod is made from.
          metadata meta: Labels and annotations for the pods.
          spec PodSpec: How each pod is to be.
        PodSpec: How a pod is to be.
          volumes [Volume] keys=name retainKeys: Directories that its containers can mount.
          initContainers [Container] keys=name: Containers that run to their end, one by one, before the others.
          containers! [Container] keys=name: Containers that run together; cannot be added or removed later.
          ephemeralContainers [EphemeralContainer] keys=name: Containers added to a running pod for debugging.
          restartPolicy string enum=Always|OnFailure|Never: What happens when a container ends; Always if not given.
          terminationGracePeriodSeconds int64 min=0: Seconds from the request to stop to the kill; 30 if not given.
          activeDeadlineSeconds int64 min=1: Seconds after its start when the pod is ended.
          dnsPolicy string enum=ClusterFirstWithHostNet|ClusterFirst|Default|None: How names are resolved.
          nodeSelector {string} atomic: Labels that the node must have.
          serviceAccountName string: Service account that the pod runs as.
          serviceAccount string: Old name of serviceAccountName.
          automountServiceAccountToken boolean: Whether the account's token is mounted.
          nodeName string: Node to run on; set by the scheduler.
          hostNetwork boolean: Whether the pod uses the host's network.
          hostPID boolean: Whether the pod sees the host's processes.
          hostIPC boolean: Whether the pod uses the host's IPC.
          shareProcessNamespace boolean: Whether the containers see each other's processes.
          securityContext PodSecurityContext: Privileges of all its containers.
          imagePullSecrets [LocalObjectReference] keys=name: Secrets for pulling images.
          hostname string: Host name of the pod; its name if not given.
          subdomain string: Domain of the host name, within the namespace's.
          affinity Affinity: Which nodes, and near which pods.
          schedulerName string: Scheduler to use; default-scheduler if not given.
          tolerations [Toleration]: Taints of nodes that the pod puts up with.
          hostAliases [HostAlias] keys=ip: Lines for /etc/hosts.
          priorityClassName string: Name of the pod's priority.
          priority int32: Priority of the pod: higher ones come first.
          dnsConfig PodDNSConfig: Further settings of the resolver.
          readinessGates [PodReadinessGate]: Further conditions that must be True for the pod to be ready.
          runtimeClassName string: RuntimeClass to run with.
          enableServiceLinks boolean: Whether services are told by environment variables; true if not given.
          preemptionPolicy string enum=PreemptLowerPriority|Never: Whether it may push pods of lower priority out.
          overhead {quantity}: Resources that running the pod itself takes.
          topologySpreadConstraints [TopologySpreadConstraint] keys=topologyKey,whenUnsatisfiable: How evenly pods are spread.
          setHostnameAsFQDN boolean: Whether the host name is the full one.
          os PodOS: Operating system of the pod.
          hostUsers boolean: Whether the pod uses the host's users.
          schedulingGates [PodSchedulingGate] keys=name: What must be taken away before the pod is scheduled.
          resourceClaims [PodResourceClaim] keys=name retainKeys: Claims of devices, which containers refer to by name.
          resources ResourceRequirements: Compute of the pod as a whole.
          hostnameOverride string: Host name of the pod, over all else.
          schedulingGroup PodSchedulingGroup: Pods that are scheduled together with this one.
          evictionResponders [EvictionResponder] keys=name: Who is asked before the pod is evicted.
        LocalObjectReference atomic: An object in the same namespace.
          name string ="": Name of the object.
        HostAlias: A line for /etc/hosts.
          ip! string: Address.
          hostnames [string]: Names of the address.
        PodDNSConfig: Settings of the resolver.
          nameservers [string]: Servers to ask.
          searches [string]: Domains to search.
          options [PodDNSConfigOption]: Options of the resolver.
        PodDNSConfigOption: An option of the resolver.
          name string: Name of the option, as ndots.
          value string: Value of the option.
        PodReadinessGate: A condition that readiness needs.
          conditionType! string: Type of the condition.
        PodOS: An operating system.
          name! string: linux or windows.
        PodSchedulingGate: What keeps a pod from being scheduled.
          name! string: Name of the gate.
        PodResourceClaim: A claim of devices.
          name! string: Name of the claim in this pod.
          resourceClaimName string: ResourceClaim to use.
          resourceClaimTemplateName string: ResourceClaimTemplate to make a claim from.
        PodSchedulingGroup: Pods that are scheduled together.
          podGroupName string: Name of the PodGroup.
        EvictionResponder atomic: Who is asked before a pod is evicted.
          name! string: Name of the responder.
          priority! int32: Higher ones are asked first.
        Affinity: Which nodes, and near which pods.
          nodeAffinity NodeAffinity: Which nodes.
          podAffinity PodAffinity: Near which pods.
          podAntiAffinity PodAntiAffinity: Away from which pods.
        NodeAffinity: Which nodes.
          requiredDuringSchedulingIgnoredDuringExecution NodeSelector: Nodes that it must be.
          preferredDuringSchedulingIgnoredDuringExecution [PreferredSchedulingTerm]: Nodes that are better.
        NodeSelector atomic: Some nodes.
          nodeSelectorTerms! [NodeSelectorTerm]: One of these must fit.
        NodeSelectorTerm atomic: Some nodes; all that is said must hold.
          matchExpressions [NodeSelectorRequirement]: Requirements on the node's labels.
          matchFields [NodeSelectorRequirement]: Requirements on the node's fields, as metadata.name.
        NodeSelectorRequirement: A requirement on one label or field.
          key! string: Key of the label.
          operator! string enum=In|NotIn|Exists|DoesNotExist|Gt|Lt: How the values count.
          values [string]: Values; none for Exists and DoesNotExist, one number for Gt and Lt.
        PreferredSchedulingTerm: Nodes that are better.
          weight! int32 min=1 max=100: How much better, 1 to 100.
          preference! NodeSelectorTerm: The nodes.
        PodAffinity: Near which pods.
          requiredDuringSchedulingIgnoredDuringExecution [PodAffinityTerm]: What must hold.
          preferredDuringSchedulingIgnoredDuringExecution [WeightedPodAffinityTerm]: What is better.
        PodAffinityTerm: Some pods, and what near means.
          labelSelector meta.LabelSelector: The pods, by their labels.
          namespaces [string]: Namespaces of the pods; its own if none is given.
          topologyKey! string: Label of nodes that says what near means.
          namespaceSelector meta.LabelSelector: Namespaces of the pods, by their labels.
          matchLabelKeys [string]: Keys of labels that must be as the pod's own.
          mismatchLabelKeys [string]: Keys of labels that must differ from the pod's own.
        WeightedPodAffinityTerm: What is better.
          weight! int32 min=1 max=100: How much better, 1 to 100.
          podAffinityTerm! PodAffinityTerm: The pods, and what near means.
        PodAntiAffinity: Away from which pods.
          requiredDuringSchedulingIgnoredDuringExecution [PodAffinityTerm]: What must hold.
          preferredDuringSchedulingIgnoredDuringExecution [WeightedPodAffinityTerm]: What is better.
        Toleration: Taints that a pod puts up with.
          key string: Key of the taint; empty for all.
          operator string enum=Exists|Equal|Lt|Gt: How the value counts; Equal if not given.
          value string: Value of the taint.
          effect string enum=NoSchedule|PreferNoSchedule|NoExecute: Effect of the taint; empty for all.
          tolerationSeconds int64: Seconds that NoExecute is put up with; for ever if not given.
        TopologySpreadConstraint: How evenly pods are spread.
          maxSkew! int32 min=1: How much more pods a domain may have than another.
          topologyKey! string: Label of nodes that says what a domain is.
          whenUnsatisfiable! string enum=DoNotSchedule|ScheduleAnyway: What to do where it cannot be.
          labelSelector meta.LabelSelector: The pods that are counted.
          minDomains int32: Least number of domains.
          nodeAffinityPolicy string enum=Ignore|Honor: Whether nodes count that the pod cannot be on.
          nodeTaintsPolicy string enum=Ignore|Honor: Whether nodes count whose taints it does not tolerate.
          matchLabelKeys [string]: Keys of the pod's labels that counted pods share.
        PodSecurityContext: Privileges of a pod.
          seLinuxOptions SELinuxOptions: SELinux context.
          windowsOptions WindowsSecurityContextOptions: Settings for Windows.
          runAsUser int64: User of the processes.
          runAsGroup int64: Group of the processes.
          runAsNonRoot boolean: Whether no process may be root.
          supplementalGroups [int64]: Further groups of the processes.
          supplementalGroupsPolicy string enum=Merge|Strict: Whether groups of the image count as well.
          fsGroup int64: Group that owns the volumes.
          sysctls [Sysctl]: Parameters of the kernel.
          fsGroupChangePolicy string enum=OnRootMismatch|Always: When the volumes' owner is changed.
          seccompProfile SeccompProfile: System calls that are allowed.
          appArmorProfile AppArmorProfile: AppArmor profile.
          seLinuxChangePolicy string: How the volumes get their SELinux label: Recursive or MountOption.
        Sysctl: A parameter of the kernel.
          name! string: Name of the parameter.
          value! string: Value of the parameter.
        """#)
}
