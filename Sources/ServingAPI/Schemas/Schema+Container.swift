import JSONModel
import KubeModel

extension Schema {
    /// `Container` of core/v1.
    static let container = record(
        "One process of the pod and what it runs with.",
        [
            "name": text("Name of the container, a DNS label unique in the pod."),
            "image": text("Image to run; on a machine a HostImage says what it stands for."),
            "command": words("Program and first arguments; replaces the image's entry point. $(VAR) is expanded."),
            "args": words("Arguments; $(VAR) is expanded from the container's environment."),
            "workingDir": text("Directory that the process starts in."),
            "ports": containerPorts,
            "env": environment,
            "envFrom": environmentSources,
            "resources": resources,
            "resizePolicy": records(
                "How a change of resources is made.",
                ["resourceName": text("cpu or memory."), "restartPolicy": text("NotRequired or RestartContainer.")],
                required: ["resourceName", "restartPolicy"]),
            "restartPolicy": text("Always makes an init container a sidecar."),
            "volumeMounts": volumeMounts,
            "volumeDevices": records(
                "Raw block devices to map into the container.",
                ["name": text("Name of the volume."), "devicePath": text("Path in the container.")],
                required: ["devicePath", "name"], keys: ["devicePath"]),
            "livenessProbe": probe("When it fails for long enough, the container is restarted."),
            "readinessProbe": probe("While it fails, the pod gets no traffic."),
            "startupProbe": probe(
                "Until it succeeds, the other probes wait; when it gives up, the container restarts."),
            "lifecycle": lifecycle,
            "terminationMessagePath": text("File whose content becomes the message of the container's end."),
            "terminationMessagePolicy": text("File or FallbackToLogsOnError."),
            "imagePullPolicy": text("Always, IfNotPresent or Never."),
            "securityContext": securityContext,
            "stdin": flag("Whether standard input is kept open."),
            "stdinOnce": flag("Whether standard input closes after the first client."),
            "tty": flag("Whether the container gets a terminal."),
        ], required: ["name"])

    static let containers = list(of: container, keys: ["name"]).described("Containers of the pod.")

    private static let containerPorts = records(
        "Ports that the container listens on; the first one, or the one named http1 or h2c, takes the requests.",
        [
            "containerPort": int32("Number of the port.", minimum: 1, maximum: 65_535),
            "name": text("Name that services and probes may use; http1 or h2c says the protocol."),
            "protocol": text("TCP, UDP or SCTP.").defaulting(to: "TCP"),
            "hostPort": int32("Port on the host.", minimum: 0, maximum: 65_535),
            "hostIP": text("Address of the host to bind."),
        ], required: ["containerPort"], keys: ["containerPort", "protocol"])

    private static let resources = record(
        "Compute that the container needs and may use at most.",
        [
            "limits": quantities("At most: cpu, memory, devices."),
            "requests": quantities("At least; defaults to limits."),
            "claims": records(
                "Claims of the pod that this container uses.",
                ["name": text("Name of an entry in resourceClaims."), "request": text("A request of that claim.")],
                required: ["name"], keys: ["name"]),
        ])

    private static let volumeMounts = records(
        "Where volumes of the pod appear in the container.",
        [
            "name": text("Name of the volume."), "mountPath": text("Path in the container."),
            "subPath": text("Path in the volume."),
            "subPathExpr": text("Path in the volume, with $(VAR) expanded."),
            "readOnly": flag("Whether the container may not write."),
            "recursiveReadOnly": text("Disabled, IfPossible or Enabled."),
            "mountPropagation": text("None, HostToContainer or Bidirectional."),
        ], required: ["mountPath", "name"], keys: ["mountPath"])

    private static let lifecycle = record(
        "What to do around the container's life.",
        [
            "postStart": lifecycleHandler("Right after the start."),
            "preStop": lifecycleHandler("Before the container is told to stop."),
            "stopSignal": text("Signal that stops the container."),
        ])

    private static func lifecycleHandler(_ description: String) -> Schema {
        record(
            description,
            [
                "exec": execAction, "httpGet": httpGetAction, "tcpSocket": tcpSocketAction,
                "sleep": record("Wait.", ["seconds": int64("How long.")], required: ["seconds"]),
            ])
    }

    private static let securityContext = record(
        "Privileges of the container.",
        [
            "allowPrivilegeEscalation": flag("Whether a process may gain more privileges than its parent."),
            "capabilities": record(
                "Linux capabilities.", ["add": words("To add."), "drop": words("To take away.")]),
            "privileged": flag("Whether the container is root on the host."),
            "procMount": text("Default or Unmasked."),
            "readOnlyRootFilesystem": flag("Whether the root file system may not be written."),
            "runAsGroup": int64("Group of the process."),
            "runAsNonRoot": flag("Whether the process must not be root."),
            "runAsUser": int64("User of the process."),
            "seLinuxOptions": strings("SELinux context."),
            "seccompProfile": confinementProfile("System calls that are allowed."),
            "appArmorProfile": confinementProfile("AppArmor profile."),
            "windowsOptions": .anyObject.described("Settings for Windows."),
        ])

    static func confinementProfile(_ description: String) -> Schema {
        record(
            description,
            [
                "type": text("RuntimeDefault, Unconfined or Localhost."),
                "localhostProfile": text("Name of the profile."),
            ],
            required: ["type"])
    }
}
