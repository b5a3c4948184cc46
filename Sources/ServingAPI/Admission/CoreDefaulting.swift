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

    @Sendable static func service(_ service: inout Object, _ old: Object?) {
        var spec = service.spec
        spec.setDefault("ClusterIP", at: "type")
        spec.setDefault("None", at: "sessionAffinity")
        spec.mapElements(at: "ports") { port in
            port.setDefault("TCP", at: "protocol")
            if let number = port["port"] { port.setDefault(number, at: "targetPort") }
        }
        service.spec = spec
    }
}
