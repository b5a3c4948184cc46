import JSONModel
import KubeModel

extension RoutedRevision {
    /// - Parameter object: A Revision.
    init(_ object: Object, endpoints: [Endpoint]) {
        func seconds(_ field: String) -> Duration? {
            object["spec", field]?.intValue.flatMap { $0 > 0 ? .seconds($0) : nil }
        }
        let labels = object.labels
        self.init(
            key: object.key, uid: object.uid, service: labels["serving.knative.dev/service"] ?? "",
            configuration: labels["serving.knative.dev/configuration"] ?? "",
            containerConcurrency: max(0, object["spec", "containerConcurrency"]?.intValue ?? 0),
            firstByteTimeout: seconds("responseStartTimeoutSeconds") ?? seconds("timeoutSeconds"),
            idleTimeout: seconds("idleTimeoutSeconds"), endpoints: endpoints)
    }
}

/// A pod of a revision that requests may be sent to: Ready, not being deleted, with an address.
struct ReadyPod {
    let revision: ObjectKey
    let endpoint: Endpoint

    init?(_ pod: Object) {
        guard !pod.isBeingDeleted, let revision = pod.labels["serving.knative.dev/revision"],
            pod.condition("Ready")?.isTrue == true, let address = pod["status", "podIP"]?.stringValue,
            !address.isEmpty
        else { return nil }
        self.revision = ObjectKey(namespace: pod.namespace, name: revision)
        endpoint = Endpoint(podUID: pod.uid, podName: pod.name, address: address, port: Self.port(of: pod))
    }

    /// Knative's names for the port of the serving container, else the first port there is, else 8080.
    private static func port(of pod: Object) -> Int {
        let containers = pod["spec", "containers"]?.arrayValue ?? []
        let ports = containers.flatMap { $0["ports"]?.arrayValue ?? [] }
        let named = ports.first { ["http1", "h2c", "user-port", "http"].contains($0["name"]?.stringValue ?? "") }
        return (named ?? ports.first)?["containerPort"]?.intValue ?? 8080
    }
}
