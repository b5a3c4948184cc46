import KubeModel

extension SchemaText {
    /// `Container` of core/v1: environment, ports, resources, probes, privileges.
    static let containers = SchemaText(
        "core", package: "io.k8s.api.core.v1",
        #"""
        Container: One process of the pod and what it runs with.
          name! string: Name of the container, a DNS label unique in the pod.
          image string: Image to run; on a machine a HostImage says what it stands for.
          command [string]: Program and first arguments, instead of the image's; $(VAR) is expanded.
          args [string]: Arguments; $(VAR) is expanded from the container's environment.
          workingDir string: Directory that the process starts in.
          ports [ContainerPort] keys=containerPort,protocol: Ports that it listens on; the name http1 or h2c says what is spoken.
          envFrom [EnvFromSource]: Objects whose every key becomes a variable.
          env [EnvVar] keys=name: Environment variables.
          resources ResourceRequirements: Compute that the container needs and may use at most.
          resizePolicy [ContainerResizePolicy]: How a change of resources is made.
          restartPolicy string: Restarts of this container alone; Always makes an init container a sidecar.
          restartPolicyRules [ContainerRestartRule]: Restarts by exit code.
          volumeMounts [VolumeMount] keys=mountPath: Volumes, and where the container sees them.
          volumeDevices [VolumeDevice] keys=devicePath: Raw block devices to map into the container.
          livenessProbe Probe: When it fails for long enough, the container is restarted.
          readinessProbe Probe: While it fails, the pod gets no traffic.
          startupProbe Probe: Until it succeeds, the other probes wait; when it gives up, the container restarts.
          lifecycle Lifecycle: What to do after the start and before the end.
          terminationMessagePath string: File whose content becomes the message of the container's end.
          terminationMessagePolicy string enum=File|FallbackToLogsOnError: Whether the log's end stands in for that file.
          imagePullPolicy string enum=Always|Never|IfNotPresent: When the image is fetched; for latest Always, else IfNotPresent.
          securityContext SecurityContext: Privileges of the container.
          stdin boolean: Whether standard input is kept open.
          stdinOnce boolean: Whether standard input closes after the first client.
          tty boolean: Whether the container gets a terminal.
        ContainerPort: A port that a container listens on.
          name string: Name that services and probes may use.
          hostPort int32 min=0 max=65535: Port on the host.
          containerPort! int32 min=1 max=65535: Number of the port.
          protocol string enum=TCP|UDP|SCTP ="TCP": Protocol of the port.
          hostIP string: Address of the host to bind.
        EnvFromSource: An object whose every key becomes a variable.
          prefix string: Put before each name.
          configMapRef ConfigMapEnvSource: A ConfigMap.
          secretRef SecretEnvSource: A Secret.
        ConfigMapEnvSource: A ConfigMap whose keys become variables.
          + LocalObjectReference
          optional boolean: Whether it may be missing.
        SecretEnvSource: A Secret whose keys become variables.
          + LocalObjectReference
          optional boolean: Whether it may be missing.
        EnvVar: An environment variable.
          name! string: Name of the variable.
          value string: Its value; $(VAR) is expanded from variables before it.
          valueFrom EnvVarSource: Where the value comes from, instead of value.
        EnvVarSource: Where a variable's value comes from; one of these.
          fieldRef ObjectFieldSelector: A field of the pod.
          resourceFieldRef ResourceFieldSelector: A resource of a container.
          configMapKeyRef ConfigMapKeySelector: A key of a ConfigMap.
          secretKeyRef SecretKeySelector: A key of a Secret.
          fileKeyRef FileKeySelector: A key of a file in a volume.
        ObjectFieldSelector atomic: A field of the pod.
          apiVersion string: Version of the path; v1 if not given.
          fieldPath! string: The field: metadata.name, status.podIP, ...
        ResourceFieldSelector atomic: A resource of a container.
          containerName string: Name of the container; its own if not given.
          resource! string: limits.cpu, requests.memory, ...
          divisor quantity: Unit of the result; 1 if not given.
        ConfigMapKeySelector atomic: A key of a ConfigMap.
          + LocalObjectReference
          key! string: The key.
          optional boolean: Whether it may be missing.
        SecretKeySelector atomic: A key of a Secret.
          + LocalObjectReference
          key! string: The key.
          optional boolean: Whether it may be missing.
        FileKeySelector atomic: A key of a file of variables.
          volumeName! string: Volume that the file is in.
          path! string: Path of the file in the volume.
          key! string: The key.
          optional boolean =false: Whether it may be missing.
        ResourceRequirements: Compute that is needed, and the most that may be used.
          limits {quantity}: At most.
          requests {quantity}: At least; the limits if not given.
          claims [ResourceClaim] keys=name merge=-: Devices, by the pod's resourceClaims.
        ResourceClaim: A claim of devices.
          name! string: Name in the pod's resourceClaims.
          request string: Only this request of the claim.
        ContainerResizePolicy: How a change of a resource is made.
          resourceName! string: cpu or memory.
          restartPolicy! string: NotRequired or RestartContainer.
        ContainerRestartRule: What happens on some exit codes.
          action string: Restart or RestartAllContainers.
          exitCodes ContainerRestartRuleOnExitCodes: The exit codes.
        ContainerRestartRuleOnExitCodes: Some exit codes.
          operator string: In or NotIn.
          values [int32] set: The codes.
        VolumeMount: A volume, and where the container sees it.
          name! string: Name of the volume.
          readOnly boolean: Whether the container may not write.
          recursiveReadOnly string: Disabled, IfPossible or Enabled: whether mounts below are read only too.
          mountPath! string: Path in the container.
          subPath string: Path in the volume; its root if not given.
          mountPropagation string enum=None|HostToContainer|Bidirectional: Whether later mounts are seen on the other side.
          subPathExpr string: Path in the volume, with $(VAR) expanded.
          bindMountOptions [string] set: Options of the mount.
        VolumeDevice: A raw block device.
          name! string: Name of the volume.
          devicePath! string: Path in the container.
        Probe: How to see how a container is; one action.
          + ProbeHandler
          initialDelaySeconds int32 min=0: Seconds to wait before the first probe.
          timeoutSeconds int32 min=0: Seconds after which a probe has failed; 1 if not given.
          periodSeconds int32 min=0: Seconds between probes; 10 if not given.
          successThreshold int32 min=0: Successes in a row that count; 1 if not given.
          failureThreshold int32 min=0: Failures in a row that count; 3 if not given.
          terminationGracePeriodSeconds int64 min=0: Grace for the stop that a failure causes.
        ProbeHandler: An action of a probe.
          exec ExecAction: Runs a command in the container; exit code 0 is success.
          httpGet HTTPGetAction: Asks by HTTP; 200 to 399 is success.
          tcpSocket TCPSocketAction: Opens a connection.
          grpc GRPCAction: Asks gRPC's health service.
        ExecAction: A command.
          command [string]: Program and arguments; no shell.
        HTTPGetAction: A GET request.
          path string: Path to ask for; / if not given.
          port int-or-string: Port, by number or name; the first one if not given.
          host string: Host to connect to; the pod's own address if not given.
          scheme string enum=HTTP|HTTPS: HTTP or HTTPS; HTTP if not given.
          httpHeaders [HTTPHeader]: Headers to send.
          protocol string enum=HTTP1|HTTP2: Version of HTTP.
        HTTPHeader: A header.
          name! string: Name of the header.
          value! string: Value of the header.
        TCPSocketAction: A connection.
          port int-or-string: Port, by number or name; the first one if not given.
          host string: Host to connect to; the pod's own address if not given.
        GRPCAction: A call of gRPC's health service.
          port! int32 min=1 max=65535: Number of the port.
          service string ="": Service whose health is asked for.
          mode string enum=Plaintext|TLS: Whether by TLS.
        Lifecycle: What to do after the start and before the end of a container.
          postStart LifecycleHandler: Right after the start.
          preStop LifecycleHandler: Before the container is told to stop.
          stopSignal string: Signal that stops the container; SIGTERM if not given.
        LifecycleHandler: Something to do; one of these.
          exec ExecAction: Runs a command in the container.
          httpGet HTTPGetAction: Asks by HTTP.
          tcpSocket TCPSocketAction: No longer in use.
          sleep SleepAction: Waits.
        SleepAction: A wait.
          seconds! int64: How long.
        SecurityContext: Privileges of a container; they win over the pod's.
          capabilities Capabilities: Capabilities of Linux to add and to drop.
          privileged boolean: Whether the container is root on the host.
          seLinuxOptions SELinuxOptions: SELinux context.
          windowsOptions WindowsSecurityContextOptions: Settings for Windows.
          runAsUser int64: User of the process.
          runAsGroup int64: Group of the process.
          runAsNonRoot boolean: Whether the process must not be root.
          readOnlyRootFilesystem boolean: Whether the root file system may not be written.
          allowPrivilegeEscalation boolean: Whether a process may gain more privileges than its parent.
          procMount string enum=Default|Unmasked: How /proc is mounted.
          seccompProfile SeccompProfile: System calls that are allowed.
          appArmorProfile AppArmorProfile: AppArmor profile.
        Capabilities: Capabilities of Linux.
          add [string]: To add.
          drop [string]: To take away; ALL is all.
        SELinuxOptions: An SELinux context.
          user string: User.
          role string: Role.
          type string: Type.
          level string: Level.
        WindowsSecurityContextOptions: Settings for Windows.
          gmsaCredentialSpecName string: Name of the credential specification.
          gmsaCredentialSpec string: The credential specification.
          runAsUserName string: User of the process.
          hostProcess boolean: Whether the process runs on the host.
        SeccompProfile: System calls that are allowed.
          type! string enum=Unconfined|RuntimeDefault|Localhost: Which profile.
          localhostProfile string: File of a Localhost profile.
        AppArmorProfile: An AppArmor profile.
          type! string enum=Unconfined|RuntimeDefault|Localhost: Which profile.
          localhostProfile string: Name of a Localhost profile.
        EphemeralContainer: A container added to a running pod for debugging.
          + Container
          targetContainerName string: Container whose processes it sees.
        """#)
}
