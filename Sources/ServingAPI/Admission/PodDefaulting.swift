import JSONModel
import KubeModel

/// What the API server fills in for pods and for what makes pods: Kubernetes' own defaults.
enum PodDefaulting {
    @Sendable static func pod(_ pod: inout Object, _ old: Object?) {
        var spec = pod.spec
        fill(&spec)
        pod.spec = spec
        pod.json.setDefault("Pending", at: "status", "phase")
    }

    @Sendable static func deployment(_ deployment: inout Object, _ old: Object?) {
        var spec = deployment.spec
        spec.setDefault(1, at: "replicas")
        spec.setDefault("RollingUpdate", at: "strategy", "type")
        if spec[path: "strategy", "type"] == "RollingUpdate" {
            spec.setDefault("25%", at: "strategy", "rollingUpdate", "maxSurge")
            spec.setDefault("25%", at: "strategy", "rollingUpdate", "maxUnavailable")
        }
        spec.setDefault(10, at: "revisionHistoryLimit")
        spec.setDefault(600, at: "progressDeadlineSeconds")
        spec.changeObject(at: "template") { $0.changeObject(at: "spec", fill) }
        deployment.spec = spec
    }

    private static func fill(_ spec: inout JSONValue) {
        spec.setDefault("Always", at: "restartPolicy")
        spec.setDefault("ClusterFirst", at: "dnsPolicy")
        spec.setDefault("default-scheduler", at: "schedulerName")
        spec.setDefault(30, at: "terminationGracePeriodSeconds")
        spec.setDefault([:], at: "securityContext")
        spec.mapElements(at: "containers", fillContainer)
        spec.mapElements(at: "initContainers", fillContainer)
    }

    private static func fillContainer(_ container: inout JSONValue) {
        container.setDefault("/dev/termination-log", at: "terminationMessagePath")
        container.setDefault("File", at: "terminationMessagePolicy")
        let image = container["image"]?.stringValue ?? ""
        container.setDefault(.string(ImageReference(image).isLatest ? "Always" : "IfNotPresent"), at: "imagePullPolicy")
        container.setDefault([:], at: "resources")
        container.mapElements(at: "ports") { $0.setDefault("TCP", at: "protocol") }
        container.mapElements(at: "env") { variable in
            guard variable[path: "valueFrom", "fieldRef"] != nil else { return }
            variable.setDefault("v1", at: "valueFrom", "fieldRef", "apiVersion")
        }
        for probe in ["livenessProbe", "readinessProbe", "startupProbe"] {
            container.changeObject(at: probe, fillProbe)
        }
    }

    private static func fillProbe(_ probe: inout JSONValue) {
        probe.setDefault(1, at: "timeoutSeconds")
        probe.setDefault(10, at: "periodSeconds")
        probe.setDefault(1, at: "successThreshold")
        probe.setDefault(3, at: "failureThreshold")
        probe.changeObject(at: "httpGet") { action in
            action.setDefault("HTTP", at: "scheme")
            action.setDefault("/", at: "path")
        }
    }
}
