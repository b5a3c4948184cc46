import JSONModel
import KubeModel

/// What the API server fills in for pods and for what makes pods: Kubernetes' own defaults.
enum PodDefaulting {
    @Sendable static func pod(_ pod: inout Object, _ old: Object?) {
        pod.json.changeObject(at: "spec") { spec in
            fill(&spec)
            spec.setDefault(true, at: "enableServiceLinks")
            for list in ["containers", "initContainers"] {
                spec.mapElements(at: list) { requestLimits(&$0) }
                if spec["hostNetwork"] == true { spec.mapElements(at: list, useHostPorts) }
            }
        }
        pod.json.setDefault("Pending", at: "status", "phase")
    }

    @Sendable static func deployment(_ deployment: inout Object, _ old: Object?) {
        deployment.json.changeObject(at: "spec") { spec in
            spec.setDefault(1, at: "replicas")
            spec.setDefault("RollingUpdate", at: "strategy", "type")
            if spec[path: "strategy", "type"] == "RollingUpdate" {
                spec.setDefault("25%", at: "strategy", "rollingUpdate", "maxSurge")
                spec.setDefault("25%", at: "strategy", "rollingUpdate", "maxUnavailable")
            }
            spec.setDefault(10, at: "revisionHistoryLimit")
            spec.setDefault(600, at: "progressDeadlineSeconds")
            spec.changeObject(at: "template") { $0.changeObject(at: "spec", fill) }
        }
    }

    @Sendable static func replicaSet(_ set: inout Object, _ old: Object?) {
        set.json.changeObject(at: "spec") { spec in
            spec.setDefault(1, at: "replicas")
            spec.changeObject(at: "template") { $0.changeObject(at: "spec", fill) }
        }
        set.json.setDefault(0, at: "status", "replicas")
    }

    private static func fill(_ spec: inout JSONValue) {
        spec.setDefault("Always", at: "restartPolicy")
        spec.setDefault("ClusterFirst", at: "dnsPolicy")
        spec.setDefault("default-scheduler", at: "schedulerName")
        spec.setDefault(30, at: "terminationGracePeriodSeconds")
        spec.setDefault([:], at: "securityContext")
        nameAccount(&spec)
        for list in ["containers", "initContainers", "ephemeralContainers"] {
            spec.mapElements(at: list, ContainerDefaulting.fill)
        }
        spec.mapElements(at: "volumes", VolumeDefaulting.fill)
    }

    /// The service account has two names in the spec, which say the same.
    private static func nameAccount(_ spec: inout JSONValue) {
        let names = ["serviceAccountName", "serviceAccount"]
        guard let name = names.compactMap({ spec[$0]?.nonEmptyString }).first else { return }
        for key in names { spec[key] = .string(name) }
    }

    /// What a container may use at most it also asks for, unless it says otherwise.
    private static func requestLimits(_ container: inout JSONValue) {
        for limit in container[path: "resources", "limits"]?.objectValue ?? [:] where Quantity(limit.value) != nil {
            container.setDefault(limit.value, at: "resources", "requests", limit.key)
        }
    }

    private static func useHostPorts(_ container: inout JSONValue) {
        container.mapElements(at: "ports") { port in
            guard port["hostPort"]?.intValue ?? 0 == 0, let number = port["containerPort"] else { return }
            port["hostPort"] = number
        }
    }
}
