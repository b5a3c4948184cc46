import JSONModel
import KubeModel

/// What makes the pods of one template as many as are wanted.
///
/// A pod that failed for good (the node refused it) is replaced a minute after it was made: sooner, the next one would
/// only fail the same way, again and again.
struct PodReplacement: Sendable, Hashable {
    var create = 0
    var delete: [Object] = []
    /// When a failed pod is due to be replaced.
    var untilRetry: Duration?

    private static let retryInterval: Int64 = 60

    /// - Parameter pods: all of that template, those that are going included.
    init(wanted: Int, pods: [Object], clock: Calendar) {
        let staying = pods.filter { !$0.isBeingDeleted }
        let alive = staying.filter { !$0.hasFailed }
        let failed = staying.filter(\.hasFailed)
        let ages = failed.map { Self.age(of: $0, at: clock) }
        let isKept = ages.map { wanted > alive.count && $0 < Self.retryInterval }
        delete = zip(failed, isKept).filter { !$0.1 }.map(\.0)
        delete += Self.leastWorthKeeping(alive).prefix(max(0, alive.count - wanted))
        untilRetry = zip(ages, isKept).filter(\.1).map { .seconds(Self.retryInterval - $0.0) }.min()
        create = max(0, wanted - alive.count - isKept.count { $0 })
    }

    private static func age(of pod: Object, at clock: Calendar) -> Int64 {
        max(0, clock.seconds - (pod.creationTimestamp.flatMap(Timestamp.seconds) ?? 0))
    }

    /// As upstream: those not ready first, then those with more restarts, then the youngest.
    private static func leastWorthKeeping(_ pods: [Object]) -> [Object] {
        pods.sorted { left, right in
            if left.isReady != right.isReady { return !left.isReady }
            if left.restartCount != right.restartCount { return left.restartCount > right.restartCount }
            let (leftTime, rightTime) = (left.creationTimestamp ?? "", right.creationTimestamp ?? "")
            return leftTime == rightTime ? left.name < right.name : leftTime > rightTime
        }
    }
}

extension Object {
    /// Of a pod: whether it ended for good.
    var hasFailed: Bool { ["Failed", "Succeeded"].contains(self["status", "phase"]?.stringValue) }

    /// Of a pod: whether it counts as one of its owner's: not going, not ended.
    var isAlive: Bool { !isBeingDeleted && !hasFailed }

    /// Of a pod: how often its containers were started again.
    var restartCount: Int {
        (self["status", "containerStatuses"]?.arrayValue ?? []).reduce(0) { $0 + ($1["restartCount"]?.intValue ?? 0) }
    }
}
