import Autoscaling
import JSONModel
import KubeModel
import ServingAPI

/// A pod as a HorizontalPodAutoscaler looks at it: what its containers request and use.
struct MeasuredPod: Sendable {
    private let containers: [JSONValue]
    private let usages: [String: ContainerUsage]?
    private let isPending: Bool
    private let isReady: Bool
    private let age: Duration

    /// So long after its start the processor use of a pod that is not ready counts for nothing: it initializes.
    private static let initialization: Duration = .seconds(300)

    /// - Returns: `nil` for a pod that has ended or is going.
    init?(_ pod: Object, usages: [String: ContainerUsage]?, clock: Calendar) {
        guard !pod.isBeingDeleted, !pod.hasFailed else { return nil }
        containers = pod["spec", "containers"]?.arrayValue ?? []
        self.usages = usages
        isPending = pod["status", "phase"]?.stringValue ?? "Pending" == "Pending"
        isReady = pod.isReady
        age = .seconds(clock.seconds - (pod.creationTimestamp.flatMap(Timestamp.seconds) ?? clock.seconds))
    }

    /// Of one container, or of all.
    func sample(_ resource: MeasuredResource, container name: String?) -> ReplicaCalculator.Sample {
        let counted = containers.filter { name == nil || $0["name"]?.stringValue == name }
        let used = counted.map { $0["name"]?.stringValue.flatMap { usages?[$0] }.map(resource.amount) }
        let requests = counted.map { resource.request(of: $0) }
        let isUnready = isPending || (resource == .cpu && !isReady && age < Self.initialization)
        return ReplicaCalculator.Sample(
            usage: Self.total(used), request: Self.total(requests), isUnready: isUnready)
    }

    /// `nil` where one is missing.
    private static func total(_ amounts: [Double?]) -> Double? {
        let known = amounts.compactMap(\.self)
        return known.count == amounts.count && !known.isEmpty ? known.reduce(0, +) : nil
    }
}

/// The resources that a node measures of its pods.
enum MeasuredResource: String, Sendable, Hashable {
    case cpu
    case memory

    func amount(_ usage: ContainerUsage) -> Double { self == .cpu ? usage.millicores : usage.memory }

    /// In thousandths of a processor, or bytes.
    func amount(_ quantity: Quantity) -> Double { Double(self == .cpu ? quantity.milliValue : quantity.value) }

    func quantity(_ amount: Double) -> Quantity {
        self == .cpu ? Quantity(milli: Int(amount.rounded())) : Quantity(Int(amount.rounded()))
    }

    /// What a container requests; its limit, where it says no more than that.
    func request(of container: JSONValue) -> Double? {
        let resources = container["resources"]
        return Quantity(resources?["requests"]?[rawValue] ?? resources?["limits"]?[rawValue]).map(amount)
    }
}
