import JSONModel
import KubeModel

/// How a deployment's pods become what they should be: so many of the current template, none of others.
///
/// A rolling update makes new pods first (up to `maxSurge` more than wanted) and takes old ones away as new ones get
/// ready (never more than `maxUnavailable` fewer than wanted). `Recreate` takes all old ones away first.
///
/// A pod that failed for good (the node refused it) is replaced a minute after it was made: sooner, the next one would
/// only fail the same way, again and again.
struct RolloutPlan: Sendable, Hashable {
    var create = 0
    var delete: [Object] = []
    /// When a failed pod is due to be replaced.
    var untilRetry: Duration?

    private static let retryInterval: Int64 = 60

    init(_ deployment: Object, hash: String, pods: [Object], clock: Calendar) {
        let wanted = deployment["spec", "replicas"]?.intValue ?? 1
        let limits = RolloutLimits(deployment, wanted: wanted)
        let alive = pods.filter { !$0.isBeingDeleted && !$0.hasFailed }
        let current = alive.filter { $0.labels[Label.podTemplateHash] == hash }
        let old = alive.filter { $0.labels[Label.podTemplateHash] != hash }
        let failed = pods.filter { $0.hasFailed && !$0.isBeingDeleted }
        let ages = failed.map { Self.age(of: $0, at: clock) }
        let isKept = zip(failed, ages).map { pod, age in
            wanted > current.count && age < Self.retryInterval && pod.labels[Label.podTemplateHash] == hash
        }
        delete = zip(failed, isKept).filter { !$0.1 }.map(\.0)
        untilRetry = zip(ages, isKept).filter(\.1).map { .seconds(Self.retryInterval - $0.0) }.min()
        delete += Self.leastWorthKeeping(current).prefix(max(0, current.count - wanted))
        let missing = max(0, wanted - current.count - isKept.count { $0 })
        if limits.replacesAllAtOnce {
            delete += old
            create = pods.allSatisfy { $0.labels[Label.podTemplateHash] == hash } ? missing : 0
            return
        }
        create = min(missing, max(0, wanted + limits.surge - alive.count))
        delete += Self.removable(old, ready: alive.filter(\.isReady).count, least: wanted - limits.unavailable)
    }

    private static func age(of pod: Object, at clock: Calendar) -> Int64 {
        max(0, clock.seconds - (pod.creationTimestamp.flatMap(Timestamp.seconds) ?? 0))
    }

    /// Old pods that may go now: those that are not ready, and ready ones as far as enough ready ones stay.
    private static func removable(_ old: [Object], ready: Int, least: Int) -> [Object] {
        let idle = old.filter { !$0.isReady }
        return idle + leastWorthKeeping(old.filter(\.isReady)).prefix(max(0, ready - least))
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

/// How far a rolling update may stray from the number wanted.
struct RolloutLimits: Sendable, Hashable {
    var surge: Int
    var unavailable: Int
    var replacesAllAtOnce: Bool

    init(_ deployment: Object, wanted: Int) {
        let strategy = deployment["spec", "strategy"]
        replacesAllAtOnce = strategy?["type"]?.stringValue == "Recreate"
        let rolling = strategy?["rollingUpdate"]
        let surge = Self.count(rolling?["maxSurge"], of: wanted, .up)
        unavailable = Self.count(rolling?["maxUnavailable"], of: wanted, .down)
        self.surge = surge == 0 && unavailable == 0 ? 1 : surge
    }

    /// A number or a percentage (25 % where nothing is said).
    private static func count(_ value: JSONValue?, of wanted: Int, _ rounding: FloatingPointRoundingRule) -> Int {
        if let count = value?.intValue { return max(0, count) }
        let percent = value?.stringValue.flatMap { Double($0.split(separator: "%").first ?? "") } ?? 25
        return Int((Double(wanted) * percent / 100).rounded(rounding))
    }
}

extension Object {
    /// Of a pod: whether it ended for good.
    var hasFailed: Bool { ["Failed", "Succeeded"].contains(self["status", "phase"]?.stringValue) }

    /// Of a pod: how often its containers were started again.
    var restartCount: Int {
        (self["status", "containerStatuses"]?.arrayValue ?? []).reduce(0) { $0 + ($1["restartCount"]?.intValue ?? 0) }
    }
}
