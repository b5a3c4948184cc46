import KubeModel
import ServingAPI

/// The rollouts of one route at one moment: those of before, a decision further.
struct RouteRollouts: Sendable, Hashable {
    /// One for each target that follows a configuration and has a share of the traffic.
    private(set) var all: [Rollout] = []
    /// The route's targets, with every revision that has a share.
    private(set) var targets: [ResolvedTarget] = []

    /// - Parameters:
    ///   - wanted: the targets that the traffic moves to.
    ///   - held: `status.traffic` as it is.
    ///   - stored: the rollouts that were under way.
    ///   - revisions: those there are, by name.
    ///   - serves: whether the gateway sends requests of the route's host to a revision.
    init(
        _ wanted: [ResolvedTarget], held: [ResolvedTarget], stored: [Rollout], revisions: [String: Object],
        at moment: Rollout.Moment, serves: (String) -> Bool
    ) {
        var earlier = Self.earlier(held, stored, revisions)
        for target in wanted {
            guard target.isLatest, target.percent > 0, let configuration = target.configuration else {
                targets.append(target)
                continue
            }
            var rollout = Self.take(configuration, target.tag, from: &earlier)
            rollout.keep { revisions[$0] != nil }
            var moment = moment
            moment.isServed = serves(target.revision)
            moment.isHealthy = revisions[target.revision]?.isReady ?? true
            rollout.advance(to: target.revision, percent: target.percent, at: moment)
            all.append(rollout)
            targets += Self.targets(rollout, target)
        }
    }

    /// One that is under way.
    var moving: Rollout? { all.first(where: \.isMoving) }

    func nextLook(at now: Duration) -> Duration? { all.compactMap { $0.nextLook(at: now) }.min() }

    /// What the traffic that follows configurations came to: rollouts that were stored, and what stands still.
    private static func earlier(
        _ held: [ResolvedTarget], _ stored: [Rollout], _ revisions: [String: Object]
    ) -> [Rollout] {
        let settled = held.compactMap { target -> Rollout? in
            guard target.isLatest, target.percent > 0,
                let configuration = revisions[target.revision]?.labels[ServingKeys.configuration],
                !stored.contains(where: { $0.configuration == configuration && $0.newest == target.revision })
            else { return nil }
            let share = Rollout.Share(revision: target.revision, percent: target.percent)
            return Rollout(configuration: configuration, tag: target.tag, shares: [share])
        }
        return stored + settled
    }

    /// The one with the same tag, else (a tag was given or taken away) any of that configuration.
    private static func take(_ configuration: String, _ tag: String?, from rollouts: inout [Rollout]) -> Rollout {
        let ours = rollouts.indices.filter { rollouts[$0].configuration == configuration }
        guard let index = ours.first(where: { rollouts[$0].tag == tag }) ?? ours.first else {
            return Rollout(configuration: configuration, tag: tag, shares: [])
        }
        let taken = rollouts.remove(at: index)
        return Rollout(
            configuration: configuration, tag: tag, shares: taken.shares, start: taken.start, pace: taken.pace)
    }

    /// The newest revision first: it is what the target means, and what its tag leads to at once.
    private static func targets(_ rollout: Rollout, _ target: ResolvedTarget) -> [ResolvedTarget] {
        rollout.shares.reversed().map { share in
            var part = target
            (part.revision, part.percent) = (share.revision, share.percent)
            if share.revision != target.revision { (part.isLatest, part.tag) = (false, nil) }
            return part
        }
    }
}
