import JSONModel
import KubeModel

/// The condition `Progressing`: True while a rollout gets further, False once it has not for the progress deadline.
///
/// More pods being there or ready is progress, and so is more of a model or an image having arrived: whatever changes
/// the counts or what the pods say of themselves moves the deadline on.
struct RolloutProgress: Sendable {
    let condition: JSONValue
    let untilDeadline: Duration?

    /// How often at most the bytes that arrive move the deadline: each time is a write.
    private static let resolution: Int64 = 10

    init(_ deployment: Object, _ counts: PodCounts, stage: String?, clock: Calendar) {
        let old = TimedCondition.held("Progressing", by: deployment)
        guard !counts.isComplete else {
            untilDeadline = nil
            let done = TimedCondition(
                "Progressing", "True", reason: "NewReplicaSetAvailable", message: "all pods are as wanted")
            condition = done.json(after: deployment, at: clock)
            return
        }
        let deadline = Int64(deployment["spec", "progressDeadlineSeconds"]?.intValue ?? 600)
        let age = clock.seconds - (old?.updated ?? clock.seconds)
        let message = stage ?? "\(counts.ready) of \(counts.wanted) pods are ready"
        let wasUnderWay = old?.reason == "ReplicaSetUpdated" || old?.reason == "ProgressDeadlineExceeded"
        let hasMoved = !wasUnderWay || Self.countsDiffer(deployment, counts)
        // What is said when the deadline has passed ends with what was said before.
        let bytesMoved = old?.message?.hasSuffix(message) != true && age >= Self.resolution
        if !hasMoved, !bytesMoved, age >= deadline {
            untilDeadline = nil
            condition =
                TimedCondition(
                    "Progressing", "False", reason: "ProgressDeadlineExceeded",
                    message: "nothing has moved for \(deadline) s: \(message)"
                ).json(after: deployment, at: clock, moves: false)
            return
        }
        let moves = hasMoved || bytesMoved
        let isHeldBack = old?.reason == "ReplicaSetUpdated" && !moves
        untilDeadline = .seconds(moves ? deadline : max(1, deadline - age))
        condition =
            TimedCondition(
                "Progressing", "True", reason: "ReplicaSetUpdated", message: isHeldBack ? old?.message : message
            ).json(after: deployment, at: clock, moves: moves)
    }

    private static func countsDiffer(_ deployment: Object, _ counts: PodCounts) -> Bool {
        let new = counts.json
        return ["replicas", "updatedReplicas", "readyReplicas"].contains {
            deployment["status", $0]?.intValue ?? 0 != new[$0]?.intValue ?? 0
        }
    }
}
