/// From what the metrics ask for to the next number of replicas: bounds, stabilization and rates, as Kubernetes'
/// HorizontalPodAutoscaler has them. It remembers its recent wishes and changes.
///
/// A new one begins as though it had wished for what there is, so that after a restart nothing is scaled down for a
/// stabilization window.
package struct HorizontalScaler: Sendable {
    /// What kept the number from being what the metrics ask for; the raw value is Kubernetes' reason.
    package enum Limit: String, Sendable, Hashable {
        case withinRange = "DesiredWithinRange"
        case tooFew = "TooFewReplicas"
        case tooMany = "TooManyReplicas"
        case upRate = "ScaleUpLimit"
        case downRate = "ScaleDownLimit"
    }

    package enum Stability: String, Sendable, Hashable {
        case ready = "ReadyForNewScale"
        case upStabilized = "ScaleUpStabilized"
        case downStabilized = "ScaleDownStabilized"
    }

    package struct Decision: Sendable, Hashable {
        package var replicas: Int
        package var stability: Stability
        package var limit: Limit
    }

    private struct Entry: Sendable {
        var moment: Duration
        var replicas: Int
    }

    private var wishes: [Entry]
    /// Positive for pods that were added, negative for those that went.
    private var changes: [Entry] = []

    /// No window and no period is longer (Kubernetes' limits).
    private static let longest: Duration = .seconds(3600)

    package init(current: Int, at now: Duration) { wishes = [Entry(moment: now, replicas: current)] }

    /// - Parameter proposed: what the metrics ask for.
    package mutating func decide(
        proposed: Int, current: Int, bounds: ClosedRange<Int>, up: HorizontalRules, down: HorizontalRules,
        at now: Duration
    ) -> Decision {
        let stable = stabilized(proposed, current, up, down, at: now)
        let stability: Stability =
            stable == proposed ? .ready : stable > proposed ? .downStabilized : .upStabilized
        let (replicas, limit) = limited(stable, current, bounds, up, down, at: now)
        return Decision(replicas: replicas, stability: stability, limit: limit)
    }

    /// The number of replicas was changed.
    package mutating func rescaled(from old: Int, to new: Int, at now: Duration) {
        changes.append(Entry(moment: now, replicas: new - old))
        changes.removeAll { $0.moment + Self.longest < now }
    }

    private mutating func stabilized(
        _ proposed: Int, _ current: Int, _ up: HorizontalRules, _ down: HorizontalRules, at now: Duration
    ) -> Int {
        var (least, most) = (proposed, proposed)
        for wish in wishes {
            if wish.moment > now - up.stabilizationWindow { least = min(least, wish.replicas) }
            if wish.moment > now - down.stabilizationWindow { most = max(most, wish.replicas) }
        }
        wishes.append(Entry(moment: now, replicas: proposed))
        let longest = max(up.stabilizationWindow, down.stabilizationWindow)
        wishes.removeAll { $0.moment + longest < now }
        return min(max(current, least), most)
    }

    private func limited(
        _ wanted: Int, _ current: Int, _ bounds: ClosedRange<Int>, _ up: HorizontalRules, _ down: HorizontalRules,
        at now: Duration
    ) -> (replicas: Int, limit: Limit) {
        if wanted > current {
            let ceiling = max(current, up.ceiling(current: current) { start(of: $0, current, at: now) })
            let most = min(bounds.upperBound, ceiling)
            if wanted > most { return (most, ceiling < bounds.upperBound ? .upRate : .tooMany) }
        } else if wanted < current {
            let floor = min(current, down.floor(current: current) { start(of: $0, current, at: now) })
            let least = max(bounds.lowerBound, floor)
            if wanted < least { return (least, floor > bounds.lowerBound ? .downRate : .tooFew) }
        }
        if wanted > bounds.upperBound { return (bounds.upperBound, .tooMany) }
        if wanted < bounds.lowerBound { return (bounds.lowerBound, .tooFew) }
        return (wanted, .withinRange)
    }

    /// How many replicas there were a period ago.
    private func start(of period: Duration, _ current: Int, at now: Duration) -> Int {
        changes.reduce(current) { $1.moment > now - period ? $0 - $1.replicas : $0 }
    }
}
