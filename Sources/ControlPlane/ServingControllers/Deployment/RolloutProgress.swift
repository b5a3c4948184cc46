import JSONModel
import KubeModel

/// The condition `Progressing`: True while a rollout gets further, False once it has not for the progress deadline,
/// Unknown while it is paused.
///
/// More pods being there or ready is progress, and so is more of a model or an image having arrived: whatever changes
/// the counts or what the pods say of themselves moves the deadline on.
struct RolloutProgress: Sendable {
    let condition: JSONValue
    let untilDeadline: Duration?

    /// How often at most the bytes that arrive move the deadline: each time is a write.
    private static let resolution: Int64 = 10
    /// Reasons while a rollout is under way.
    private static let underWay: Set = ["ReplicaSetUpdated", "NewReplicaSetCreated"]

    /// - Parameters:
    ///   - set: the current version's; `nil` while it is being made.
    ///   - stage: what the newest pods say of how far they are; `nil` while they are no further than before.
    init(_ deployment: Object, _ counts: PodCounts, set: String?, stage: String?, clock: Calendar) {
        func make(_ status: String, _ reason: String, _ message: String?, moves: Bool? = nil) -> JSONValue {
            TimedCondition("Progressing", status, reason: reason, message: message)
                .json(after: deployment, at: clock, moves: moves)
        }
        let old = TimedCondition.held("Progressing", by: deployment)
        if let still = Self.still(deployment, counts, set, old) {
            untilDeadline = nil
            condition = make(still.status, still.reason ?? "", still.message)
            return
        }
        let deadline = Int64(deployment["spec", "progressDeadlineSeconds"]?.intValue ?? 600)
        let age = clock.seconds - (old?.updated ?? clock.seconds)
        let message = stage ?? "\(counts.available) of \(counts.wanted) pods are ready"
        let wasUnderWay = old?.reason.map { Self.underWay.contains($0) || $0 == "ProgressDeadlineExceeded" } ?? false
        let hasMoved = !wasUnderWay || Self.countsDiffer(deployment, counts)
        // What is said when the deadline has passed ends with what was said before.
        let isFurther = stage.map { old?.message?.hasSuffix($0) != true } ?? false
        let bytesMoved = isFurther && age >= min(Self.resolution, deadline / 2)
        if !hasMoved, !bytesMoved, age >= deadline {
            untilDeadline = nil
            let last = wasUnderWay ? old?.message ?? message : message
            let isKnown = old?.reason == "ProgressDeadlineExceeded"
            condition = make(
                "False", "ProgressDeadlineExceeded",
                isKnown ? last : "nothing has moved for \(deadline) s: \(last)", moves: false)
            return
        }
        let moves = hasMoved || bytesMoved
        let isHeldBack = old?.reason == "ReplicaSetUpdated" && !moves
        untilDeadline = .seconds(moves ? deadline : max(1, deadline - age))
        condition =
            set == nil
            ? make("True", "NewReplicaSetCreated", "the replica set of the new template is made", moves: true)
            : make("True", "ReplicaSetUpdated", isHeldBack ? old?.message : message, moves: moves)
    }

    /// What is said while nothing is under way.
    private static func still(
        _ deployment: Object, _ counts: PodCounts, _ set: String?, _ old: TimedCondition?
    ) -> TimedCondition? {
        if deployment.isPaused {
            let message = "the deployment is paused: changes of its template wait"
            return TimedCondition("Progressing", "Unknown", reason: "DeploymentPaused", message: message)
        }
        guard counts.isComplete, set != nil else { return nil }
        return TimedCondition(
            "Progressing", "True", reason: "NewReplicaSetAvailable", message: "all pods are as wanted")
    }

    private static func countsDiffer(_ deployment: Object, _ counts: PodCounts) -> Bool {
        let new = counts.json
        return ["replicas", "updatedReplicas", "readyReplicas"].contains {
            deployment["status", $0]?.intValue ?? 0 != new[$0]?.intValue ?? 0
        }
    }
}
