import FoundationEssentials
import JSONModel
import KubeModel

/// What the API server fills in for the built-in kinds other than pods.
enum CoreDefaulting {
    @Sendable static func namespace(_ namespace: inout Object, _ old: Object?) {
        if namespace.labels["kubernetes.io/metadata.name"] == nil, !namespace.name.isEmpty {
            namespace.labels["kubernetes.io/metadata.name"] = namespace.name
        }
        namespace.json.setDefault("Active", at: "status", "phase")
        if old == nil { namespace.json.setDefault(["kubernetes"], at: "spec", "finalizers") }
    }

    /// `stringData` is for writing only: it becomes `data`.
    @Sendable static func secret(_ secret: inout Object, _ old: Object?) {
        secret.json.setDefault("Opaque", at: "type")
        guard case .object(let texts)? = secret.json["stringData"] else { return }
        for (key, value) in texts.map({ ($0.key, $0.value) }) {
            guard let text = value.stringValue else { return }
            secret["data", key] = .string(Data(text.utf8).base64EncodedString())
        }
        secret.json["stringData"] = nil
    }

    @Sendable static func persistentVolumeClaim(_ claim: inout Object, _ old: Object?) {
        VolumeDefaulting.fillClaim(&claim.json)
        claim.json.setDefault("Pending", at: "status", "phase")
    }

    @Sendable static func service(_ service: inout Object, _ old: Object?) {
        service.json.changeObject(at: "spec") { spec in
            spec.setDefault("ClusterIP", at: "type")
            setTrafficPolicies(&spec)
            setAffinity(&spec)
            spec.mapElements(at: "ports") { port in
                if let number = port["port"] { port.setDefault(number, at: "targetPort") }
            }
        }
        service.json.setDefault([:], at: "status", "loadBalancer")
    }

    private static func setTrafficPolicies(_ spec: inout JSONValue) {
        let type = spec["type"]?.stringValue ?? ""
        if type != "ExternalName" { spec.setDefault("Cluster", at: "internalTrafficPolicy") }
        if ["NodePort", "LoadBalancer"].contains(type) || !(spec["externalIPs"]?.words ?? []).isEmpty {
            spec.setDefault("Cluster", at: "externalTrafficPolicy")
        }
        if type == "LoadBalancer" { spec.setDefault(true, at: "allocateLoadBalancerNodePorts") }
    }

    private static func setAffinity(_ spec: inout JSONValue) {
        spec.setDefault("None", at: "sessionAffinity")
        if spec["sessionAffinity"] == "ClientIP" {
            spec.setDefault(10_800, at: "sessionAffinityConfig", "clientIP", "timeoutSeconds")
        } else {
            spec["sessionAffinityConfig"] = nil
        }
    }
}
