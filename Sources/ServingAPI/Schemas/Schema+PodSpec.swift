import KubeModel

extension Schema {
    /// `PodSpec` of core/v1, as it stands alone and inlined in other kinds. It carries only the defaults that custom
    /// resources have too; those of built-in kinds are set at admission.
    static let podSpec = record(
        "How the pod is to be.",
        [
            "containers": containers,
            "initContainers": containers.described("Containers that run to their end, one by one, before the others."),
            "ephemeralContainers": list(of: .anyObject).described("Containers added for debugging."),
            "volumes": volumes,
            "restartPolicy": text("Always, OnFailure or Never."),
            "terminationGracePeriodSeconds": int64("Seconds from the request to stop to the kill.", minimum: 0),
            "activeDeadlineSeconds": int64("Seconds after which the pod is ended.", minimum: 1),
            "serviceAccountName": text("Service account that the pod runs as."),
            "serviceAccount": text("Old name of serviceAccountName."),
            "automountServiceAccountToken": flag("Whether the account's token is mounted."),
            "imagePullSecrets": records(
                "Secrets for pulling images.", ["name": text("Name of the Secret.")], keys: ["name"]),
            "securityContext": podSecurityContext,
            "enableServiceLinks": flag("Whether services are told by environment variables."),
            "shareProcessNamespace": flag("Whether the containers see each other's processes."),
            "runtimeClassName": text("RuntimeClass to run with."),
            "overhead": quantities("Resources that running the pod itself takes."),
            "preemptionPolicy": text("PreemptLowerPriority or Never."),
            "readinessGates": records(
                "Further conditions that readiness needs.", ["conditionType": text("Type of the condition.")],
                required: ["conditionType"]),
            "schedulingGates": records(
                "What must be lifted before the pod is scheduled.", ["name": text("Name of the gate.")],
                required: ["name"], keys: ["name"]),
            "resourceClaims": records(
                "Claims of devices.",
                [
                    "name": text("Name in this pod."), "resourceClaimName": text("Name of a ResourceClaim."),
                    "resourceClaimTemplateName": text("Name of a ResourceClaimTemplate."),
                ], required: ["name"], keys: ["name"]),
            "resources": record(
                "Compute of the whole pod.",
                ["limits": quantities("At most."), "requests": quantities("At least.")]),
            "os": record("Operating system of the pod.", ["name": text("linux or windows.")], required: ["name"]),
        ]
    ).merging(scheduling).merging(network)

    /// A pod spec whose containers must be given.
    static let fullPodSpec = podSpec.requiring("containers")

    static let podTemplate = record("What each pod is made from.", ["metadata": templateMeta, "spec": fullPodSpec])

    private static let network: [String: Schema] = [
        "hostNetwork": flag("Whether the pod uses the host's network."),
        "hostPID": flag("Whether the pod sees the host's processes."),
        "hostIPC": flag("Whether the pod uses the host's IPC."),
        "hostUsers": flag("Whether the pod uses the host's users."),
        "hostname": text("Host name of the pod."),
        "hostnameOverride": text("Host name of the pod, over all else."),
        "subdomain": text("Subdomain of the pod."),
        "setHostnameAsFQDN": flag("Whether the host name is the full one."),
        "hostAliases": records(
            "Lines for /etc/hosts.", ["ip": text("Address."), "hostnames": words("Names.")], required: ["ip"],
            keys: ["ip"]),
        "dnsPolicy": text("ClusterFirst, ClusterFirstWithHostNet, Default or None."),
        "dnsConfig": record(
            "Resolver settings.",
            [
                "nameservers": words("Servers."), "searches": words("Search domains."),
                "options": records("Options.", ["name": text("Name."), "value": text("Value.")]),
            ]),
    ]

    private static let podSecurityContext = record(
        "Privileges of the pod.",
        [
            "fsGroup": int64("Group that owns the volumes."),
            "fsGroupChangePolicy": text("OnRootMismatch or Always."),
            "runAsGroup": int64("Group of the processes."), "runAsNonRoot": flag("Whether no process may be root."),
            "runAsUser": int64("User of the processes."),
            "supplementalGroups": list(of: .integer).described("Further groups."),
            "supplementalGroupsPolicy": text("Merge or Strict."),
            "seLinuxOptions": strings("SELinux context."), "seLinuxChangePolicy": text("Recursive or MountOption."),
            "seccompProfile": confinementProfile("System calls that are allowed."),
            "appArmorProfile": confinementProfile("AppArmor profile."),
            "sysctls": records(
                "Kernel parameters.", ["name": text("Name."), "value": text("Value.")], required: ["name", "value"]),
            "windowsOptions": .anyObject.described("Settings for Windows."),
        ])
}
