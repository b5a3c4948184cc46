import JSONModel
import KubeModel
import ServingAPI

// A Service whose pods are nobody's revision: whatever a user runs beside the models, and routes to.
extension RoutingCompiler {
    /// - Returns: an index into the table's revisions; `nil`: there is no such Service, or it selects nothing, or the pods
    ///   of several InferenceServices.
    mutating func service(_ backend: BackendReference) -> Int? {
        guard let service = services[backend.key], let selector = service.spec["selector"]?.objectValue,
            !selector.isEmpty
        else { return nil }
        let chosen = pods.filter { pod in
            pod.namespace == service.namespace && selector.allSatisfy { pod.labels[$0.key] == $0.value.stringValue }
        }
        // Whose pods they are decides who may call them: pods of several services are nobody's.
        let owners = Set(chosen.map(\.inferenceService))
        guard owners.count < 2 else { return nil }
        let port = Self.targetPort(of: service, backend.json["port"]?.intValue)
        let endpoints = chosen.compactMap { pod in ReadyPod(pod)?.endpoint(at: port, of: pod) }
        revisions[backend.key] = table.revisions.count
        var revision = RoutedRevision(
            key: backend.key, uid: service.uid, service: service.name,
            endpoints: endpoints.sorted { $0.podName < $1.podName })
        revision.inferenceService = owners.first ?? nil
        if endpoints.isEmpty { revision.start = StartState(pods: chosen) }
        table.revisions.append(revision)
        return table.revisions.count - 1
    }

    private static func targetPort(of service: Object, _ port: Int?) -> JSONValue? {
        let ports = service.spec["ports"]?.arrayValue ?? []
        let chosen = ports.first { $0["port"]?.intValue == port } ?? ports.first
        return chosen?["targetPort"] ?? chosen?["port"]
    }
}

extension ReadyPod {
    /// - Parameter port: a number, or the name of one of the pod's ports; `nil`: the pod's own.
    fileprivate func endpoint(at port: JSONValue?, of pod: Object) -> Endpoint {
        var endpoint = endpoint
        if let number = port?.intValue { endpoint.port = number }
        if let name = port?.stringValue {
            let ports = (pod["spec", "containers"]?.arrayValue ?? []).flatMap { $0["ports"]?.arrayValue ?? [] }
            endpoint.port = ports.first { $0["name"]?.stringValue == name }?["containerPort"]?.intValue ?? endpoint.port
        }
        return endpoint
    }
}
