import JSONModel
import KubeModel

/// What a deployment's pods amount to, and for how long it has got no further.
struct DeploymentStatus: Sendable, Hashable {
    /// All of the status.
    let json: JSONValue
    /// When to look whether the deadline for progress has passed; `nil` when nothing is under way.
    let untilDeadline: Duration?
    /// Whether everything is as wanted.
    let isComplete: Bool

    /// - Parameter sizes: what the versions are to be.
    init(_ deployment: Object, _ versions: [DeploymentVersion], current: Int?, sizes: [Int], clock: Calendar) {
        let newest = current.map { versions[$0] }
        let counts = PodCounts(deployment, versions, current: current, sizes: sizes, clock: clock)
        let progress = RolloutProgress(
            deployment, counts, set: newest?.replicaSet?.name, stage: Self.stage(newest?.alive ?? []), clock: clock)
        untilDeadline = progress.untilDeadline
        isComplete = counts.isComplete
        var status = counts.json
        status["observedGeneration"] = .number(JSONNumber(deployment.generation))
        status["conditions"] = .array([Self.available(deployment, counts, clock), progress.condition])
        json = status
    }

    /// What the newest pods are doing, for people and for telling progress from standing still.
    private static func stage(_ pods: [Object]) -> String? { pods.lazy.compactMap { PodState($0).advance }.first }

    private static func available(_ deployment: Object, _ counts: PodCounts, _ clock: Calendar) -> JSONValue {
        let isAvailable = counts.available >= counts.leastAvailable
        return TimedCondition(
            "Available", isAvailable ? "True" : "False",
            reason: isAvailable ? "MinimumReplicasAvailable" : "MinimumReplicasUnavailable",
            message: isAvailable
                ? "enough pods are ready" : "\(counts.available) of \(counts.leastAvailable) pods are ready"
        ).json(after: deployment, at: clock)
    }
}

struct PodCounts: Sendable, Hashable {
    let wanted: Int
    /// Of all versions together.
    let sizes: Int
    let total: Int
    let updated: Int
    let ready: Int
    let available: Int
    let leastAvailable: Int

    init(_ deployment: Object, _ versions: [DeploymentVersion], current: Int?, sizes: [Int], clock: Calendar) {
        let alive = versions.flatMap(\.alive)
        wanted = deployment["spec", "replicas"]?.intValue ?? 1
        self.sizes = sizes.reduce(0, +)
        total = alive.count
        updated = current.map { versions[$0].alive.count } ?? 0
        ready = alive.count(where: \.isReady)
        available = alive.count(where: PodAvailability(deployment, at: clock).isAvailable)
        leastAvailable = wanted - RolloutLimits(deployment, wanted: wanted).unavailable
    }

    /// Whether everything is as wanted.
    var isComplete: Bool { updated == wanted && total == wanted && available == wanted }

    var json: JSONValue {
        func number(_ value: Int) -> JSONValue { .number(JSONNumber(value)) }
        return [
            "replicas": number(total), "updatedReplicas": number(updated), "readyReplicas": number(ready),
            "availableReplicas": number(available),
            "unavailableReplicas": number(max(0, max(wanted, sizes) - available)),
        ]
    }
}
