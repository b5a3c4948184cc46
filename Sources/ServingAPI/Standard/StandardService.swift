import JSONModel
import KubeModel

/// The Service of a component in Standard mode: port 80 leads to the first port of the serving container, the others are
/// there under their own numbers.
enum StandardService {
    static func make(
        _ service: InferenceService, name: String, pod: JSONValue, _ metadata: PredictorMetadata
    ) -> Object {
        var object = Object(.services, namespace: service.namespace, name: name)
        object.labels = metadata.labels()
        object.ownerReferences = [OwnerReference(controller: service.object)]
        object.spec = [
            "type": "ClusterIP", "selector": StandardDeployment.selector(name).json,
            "ports": .array(ports(of: pod, name: name)),
        ]
        return object
    }

    private static func ports(of pod: JSONValue, name: String) -> [JSONValue] {
        let containers = pod["containers"]?.arrayValue ?? []
        let serving = containers.first { $0["name"]?.stringValue == ServingKeys.servingContainer } ?? containers.first
        let ports = serving?["ports"]?.arrayValue ?? []
        guard let first = ports.first else { return [port(80, target: StandardDeployment.defaultPort, name, nil)] }
        let rest = ports.dropFirst().compactMap { entry -> JSONValue? in
            guard let number = entry["containerPort"]?.intValue else { return nil }
            return port(number, target: number, entry["name"]?.nonEmptyString ?? "port-\(number)", entry)
        }
        let target = first["containerPort"]?.intValue ?? StandardDeployment.defaultPort
        return [port(80, target: target, first["name"]?.nonEmptyString ?? name, first)] + rest
    }

    private static func port(_ number: Int, target: Int, _ name: String, _ entry: JSONValue?) -> JSONValue {
        var port: JSONValue = [
            "name": .string(name), "port": .number(JSONNumber(number)), "targetPort": .number(JSONNumber(target)),
            "protocol": entry?["protocol"] ?? "TCP",
        ]
        if name.contains("grpc") || name.contains("h2c") { port["appProtocol"] = "kubernetes.io/h2c" }
        return port
    }
}
