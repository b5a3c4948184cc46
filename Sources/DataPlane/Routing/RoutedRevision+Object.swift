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
        inferenceService = object.inferenceService
        totalTimeout = seconds("timeoutSeconds")
        let annotations = object.annotations
        maxWait = annotations[ServingKeys.maxWait].flatMap(GoDuration.seconds).map { .seconds($0) }
        readBalancing(annotations)
        sendsComments = annotations[ServingKeys.keepAliveComments] != "false"
        loadTime = annotations[ServingKeys.loadSeconds].flatMap(Double.init).map { .seconds(min(max(0, $0), 86_400)) }
        if endpoints.isEmpty { start = StartState(pods: pods) }
    }
}

extension RoutedRevision {
    /// What annotations say of limits and of the choice of replicas.
    mutating func readBalancing(_ annotations: [String: String]) {
        maxRequests = annotations[ServingKeys.maxRequests].flatMap { Int($0) }.flatMap { $0 > 0 ? $0 : nil }
        session = annotations[ServingKeys.sessionAffinity].flatMap(SessionRule.init(annotation:))
        followsPrefixes = annotations[ServingKeys.prefixAffinity] != "false"
        trustsPriority = annotations[ServingKeys.trustPriority] == "true"
    }
}

extension Object {
    /// The InferenceService that a label says it belongs to.
    var inferenceService: ObjectKey? {
        labels[ServingKeys.inferenceService].map { ObjectKey(namespace: namespace, name: $0) }
    }
}

/// A pod of a revision that requests may be sent to: Ready, not being deleted, with an address.
struct ReadyPod {
    let endpoint: Endpoint

    init?(_ pod: Object) {
        guard !pod.isBeingDeleted, pod.condition("Ready")?.isTrue == true,
            let address = pod["status", "podIP"]?.stringValue, !address.isEmpty
        else { return nil }
        let ports = Self.ports(of: pod)
        let main = Self.main(of: ports)
        endpoint = Endpoint(
            podUID: pod.uid, podName: pod.name, address: address, port: main.number,
            portProtocol: main.isHTTP2 ? .h2c : main.name == "https" ? .https : .http1,
            grpcPort: main.isHTTP2 ? nil : ports.first(where: \.isHTTP2)?.number)
    }

    private static func ports(of pod: Object) -> [ContainerPort] {
        let containers = pod["spec", "containers"]?.arrayValue ?? []
        return containers.flatMap { $0["ports"]?.arrayValue ?? [] }.compactMap(ContainerPort.init)
    }

    /// Knative's names for the port of the serving container, else the first port there is, else 8080. Where there are
    /// two, for REST and for gRPC, it is REST's.
    private static func main(of ports: [ContainerPort]) -> ContainerPort {
        func named(_ names: [String]) -> ContainerPort? { ports.first { names.contains($0.name ?? "") } }
        return named(["http1", "user-port", "http"]) ?? named(["h2c", "https"]) ?? ports.first
            ?? ContainerPort(number: 8080)
    }
}
