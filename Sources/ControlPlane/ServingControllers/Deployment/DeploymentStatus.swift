import JSONModel
import KubeModel

/// What a deployment's pods amount to, and for how long it has got no further.
struct DeploymentStatus: Sendable, Hashable {
    /// All of the status.
    let json: JSONValue
    /// When to look whether the deadline for progress has passed; `nil` when nothing is under way.
    let untilDeadline: Duration?

    init(_ deployment: Object, hash: String, pods: [Object], clock: Calendar) {
        let counts = PodCounts(deployment, hash: hash, pods: pods)
        let progress = RolloutProgress(deployment, counts, stage: Self.stage(pods, hash), clock: clock)
        untilDeadline = progress.untilDeadline
        var status = counts.json
        status["observedGeneration"] = .number(JSONNumber(deployment.generation))
        status["conditions"] = .array([Self.available(deployment, counts, clock), progress.condition])
        json = status
    }

    /// What the newest pods are doing, for people and for telling progress from standing still.
    private static func stage(_ pods: [Object], _ hash: String) -> String? {
        let current = pods.filter { $0.labels[Label.podTemplateHash] == hash && !$0.isBeingDeleted }
        return current.lazy.compactMap { PodState($0).progress }.first
    }

    private static func available(_ deployment: Object, _ counts: PodCounts, _ clock: Calendar) -> JSONValue {
        let isAvailable = counts.ready >= counts.leastAvailable
        return TimedCondition(
            "Available", isAvailable ? "True" : "False",
            reason: isAvailable ? "MinimumReplicasAvailable" : "MinimumReplicasUnavailable",
            message: isAvailable
                ? "enough pods are ready" : "\(counts.ready) of \(counts.leastAvailable) pods are ready"
        ).json(after: deployment, at: clock)
    }
}

struct PodCounts: Sendable, Hashable {
    let wanted: Int
    let total: Int
    let updated: Int
    let ready: Int
    let leastAvailable: Int

    init(_ deployment: Object, hash: String, pods: [Object]) {
        let alive = pods.filter { !$0.isBeingDeleted && !$0.hasFailed }
        wanted = deployment["spec", "replicas"]?.intValue ?? 1
        total = alive.count
        updated = alive.count { $0.labels[Label.podTemplateHash] == hash }
        ready = alive.count(where: \.isReady)
        leastAvailable = wanted - RolloutLimits(deployment, wanted: wanted).unavailable
    }

    /// Whether everything is as wanted.
    var isComplete: Bool { updated == wanted && total == wanted && ready == wanted }

    var json: JSONValue {
        func number(_ value: Int) -> JSONValue { .number(JSONNumber(value)) }
        return [
            "replicas": number(total), "updatedReplicas": number(updated), "readyReplicas": number(ready),
            "availableReplicas": number(ready), "unavailableReplicas": number(max(0, max(wanted, total) - ready)),
        ]
    }
}
