import JSONModel
import KubeModel

/// How a deployment's pods become what they should be: so many of the current template, none of others.
///
/// A rolling update makes new pods first (up to `maxSurge` more than wanted) and takes old ones away as new ones get
/// ready (never more than `maxUnavailable` fewer than wanted). `Recreate` takes all old ones away first.
struct RolloutPlan: Sendable, Hashable {
    var create = 0
    var delete: [Object] = []

    init(_ deployment: Object, hash: String, pods: [Object]) {
        let wanted = deployment["spec", "replicas"]?.intValue ?? 1
        let limits = RolloutLimits(deployment, wanted: wanted)
        let alive = pods.filter { !$0.isBeingDeleted && !$0.hasFailed }
        let current = alive.filter { $0.labels[Label.podTemplateHash] == hash }
        let old = alive.filter { $0.labels[Label.podTemplateHash] != hash }
        delete = pods.filter { $0.hasFailed && !$0.isBeingDeleted }
        delete += Self.leastWorthKeeping(current).prefix(max(0, current.count - wanted))
        let missing = max(0, wanted - current.count)
        if limits.replacesAllAtOnce {
            delete += old
            create = pods.allSatisfy { $0.labels[Label.podTemplateHash] == hash } ? missing : 0
            return
        }
        create = min(missing, max(0, wanted + limits.surge - alive.count))
        delete += Self.removable(old, ready: alive.filter(\.isReady).count, least: wanted - limits.unavailable)
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
