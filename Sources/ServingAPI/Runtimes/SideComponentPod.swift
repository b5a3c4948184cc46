import JSONModel
import KubeModel

/// The pod of a transformer or explainer: containers of the user's own, which are told where the predictor is, as KServe
/// tells them.
///
/// There is no DNS on a machine: the predictor's name is in the pod's `/etc/hosts` and leads to the gateway, whose port is
/// part of the argument.
struct SideComponentPod {
    let service: InferenceService
    let hosts: HostNames

    func spec() throws(InvalidPredictorSpec) -> JSONValue {
        var spec = service.component.json.keeping(PredictorPod.podFields)
        var containers = service.component.containers
        guard !containers.isEmpty else {
            throw InvalidPredictorSpec(
                description: "spec.\(service.role.rawValue) has no containers; give the one that takes the requests")
        }
        containers[0] = completed(containers[0])
        for index in containers.indices { containers[index].setVariable("INFERENCE_SERVICE_NAME", service.name) }
        spec["containers"] = .array(containers)
        let alias: JSONValue = ["ip": "127.0.0.1", "hostnames": [.string(predictor)]]
        spec["hostAliases"] = .array((spec["hostAliases"]?.arrayValue ?? []) + [alias])
        return spec
    }

    private var predictor: String {
        hosts.clusterHost(InferenceService(service.object).componentName, of: service.object)
    }

    /// What the user's arguments say already is theirs.
    private func completed(_ container: JSONValue) -> JSONValue {
        var arguments = container["args"]?.arrayValue ?? []
        let port = container["ports"]?[0]?["containerPort"]?.intValue ?? 8080
        let told = [
            ("--model_name", service.name),
            ("--predictor_host", hosts.port == 80 ? predictor : "\(predictor):\(hosts.port)"),
            ("--http_port", "\(port)"),
        ]
        for (name, value) in told where !arguments.contains(where: { Self.names($0, name) }) {
            arguments += [.string(name), .string(value)]
        }
        var container = container
        container["args"] = .array(arguments)
        return container
    }

    /// `--predictor_host` as a word of its own, or `--predictor_host=...`.
    private static func names(_ argument: JSONValue, _ name: String) -> Bool {
        guard let text = argument.stringValue else { return false }
        return text == name || text.hasPrefix(name + "=")
    }
}

extension InferenceService {
    /// The pod spec of the component that is meant.
    ///
    /// - Parameter selected: the predictor's runtime.
    func podSpec(_ selected: SelectedRuntime?, hosts: HostNames) throws(InvalidPredictorSpec) -> JSONValue {
        switch role {
        case .predictor: try PredictorPod(service: self, selected: selected).spec()
        case .transformer, .explainer: try SideComponentPod(service: self, hosts: hosts).spec()
        }
    }
}
