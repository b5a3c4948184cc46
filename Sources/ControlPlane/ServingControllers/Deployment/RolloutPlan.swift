import JSONModel
import KubeModel

/// How large each version of a Deployment is to be next (Kubernetes' deployment controller, `sync` and `rolling`).
///
/// A rolling update makes the current version larger first (up to `maxSurge` pods more than wanted in all) and old ones
/// smaller as pods get available (never more than `maxUnavailable` fewer than wanted). `Recreate` takes all old pods away
/// first. A Deployment that is paused, or whose number of replicas was changed during a rollout, keeps the proportions.
struct RolloutPlan: Sendable, Hashable {
    private(set) var sizes: [Int]
    private let wanted: Int
    private let limits: RolloutLimits
    private let versions: [DeploymentVersion]
    private let current: Int?
    private let available: [Int]

    /// - Parameters:
    ///   - versions: the oldest first.
    ///   - current: the index of the one with the Deployment's template; `nil` while there is none.
    init(_ deployment: Object, _ versions: [DeploymentVersion], current: Int?, clock: Calendar) {
        wanted = deployment["spec", "replicas"]?.intValue ?? 1
        limits = RolloutLimits(deployment, wanted: wanted)
        self.versions = versions
        self.current = current
        let availability = PodAvailability(deployment, at: clock)
        available = versions.map { $0.available(availability) }
        sizes = versions.map(\.size)
        if deployment.isPaused || isBeingScaled {
            sizes =
                ProportionalScaling(
                    wanted: wanted, limits: limits, versions: versions, current: current, available: available
                ).sizes
        } else if limits.replacesAllAtOnce {
            recreate()
        } else {
            growCurrent()
            shrinkOld()
        }
    }

    /// Whether somebody changed the number of replicas since the sizes were decided.
    private var isBeingScaled: Bool {
        versions.contains { $0.size > 0 && $0.decidedFor != nil && $0.decidedFor != wanted }
    }

    private mutating func recreate() {
        var isEmpty = true
        for index in old {
            sizes[index] = 0
            if versions[index].pods.contains(where: { !$0.hasFailed }) { isEmpty = false }
        }
        if let current, isEmpty { sizes[current] = wanted }
    }

    private mutating func growCurrent() {
        guard let current else { return }
        let room = max(0, wanted + limits.surge - sizes.reduce(0, +))
        sizes[current] = min(wanted, sizes[current] + min(room, max(0, wanted - sizes[current])))
    }

    /// Old pods that are of no use go first, then available ones as far as enough stay.
    private mutating func shrinkOld() {
        let least = wanted - limits.unavailable
        let missing = current.map { sizes[$0] - available[$0] } ?? 0
        var room = sizes.reduce(0, +) - least - missing
        guard room > 0 else { return }
        for index in old {
            let useless = min(room, max(0, sizes[index] - available[index]))
            sizes[index] -= useless
            room -= useless
        }
        var spare = max(0, available.reduce(0, +) - least)
        for index in old {
            let going = min(spare, sizes[index])
            sizes[index] -= going
            spare -= going
        }
    }

    private var old: [Int] { versions.indices.filter { $0 != current } }
}

extension Object {
    /// Of a Deployment: whether changes of its template wait.
    var isPaused: Bool { self["spec", "paused"]?.boolValue ?? false }
}
