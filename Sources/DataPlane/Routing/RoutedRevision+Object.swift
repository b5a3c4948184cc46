import JSONModel
import KubeModel
import ServingAPI

extension RoutedRevision {
    /// - Parameters:
    ///   - object: A Revision.
    ///   - pods: All of its pods.
    init(_ object: Object, pods: [Object], endpoints: [Endpoint]) {
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
        totalTimeout = seconds("timeoutSeconds")
        let annotations = object.annotations
        maxWait = annotations[ServingKeys.maxWait].flatMap(GoDuration.seconds).map { .seconds($0) }
        sendsComments = annotations[ServingKeys.keepAliveComments] != "false"
        loadTime = annotations[ServingKeys.loadSeconds].flatMap(Double.init).map { .seconds(min(max(0, $0), 86_400)) }
        if endpoints.isEmpty { start = StartState(pods: pods) }
    }
}

/// A pod of a revision that requests may be sent to: Ready, not being deleted, with an address.
struct ReadyPod {
    let endpoint: Endpoint

    init?(_ pod: Object) {
        guard !pod.isBeingDeleted, pod.condition("Ready")?.isTrue == true,
            let address = pod["status", "podIP"]?.stringValue, !address.isEmpty
        else { return nil }
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
