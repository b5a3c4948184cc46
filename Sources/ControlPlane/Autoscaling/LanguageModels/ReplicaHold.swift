/// How long a replica that is not needed any more is kept, in case it is needed again.
///
/// To keep one costs a replica-second a second; to let it go costs, should it be needed again, the requests that are late
/// while it starts and while what has queued up is worked off: about three times what it could have answered while
/// starting. As long as the pauses that were seen are shorter than where the two meet, a replica is held for a pause;
/// otherwise for its least hold only. (The ski rental problem, with the past as advice.)
struct ReplicaHold: Sendable {
    private struct Level: Sendable {
        /// Since when it is needed without a break; `nil` while it is not.
        var since: Double?
        /// When it was last needed for a while.
        var neededAt: Double
        /// The last pauses after which it was needed again, in seconds; newest last.
        var pauses: [Double] = []

        mutating func note(isNeeded: Bool, at now: Double) {
            guard isNeeded else {
                since = nil
                return
            }
            let since = since ?? now
            self.since = since
            guard now - since >= ReplicaHold.shortest else { return }
            let pause = since - neededAt
            if pause >= ReplicaHold.shortest, pause.isFinite {
                pauses.append(pause)
                if pauses.count > ReplicaHold.remembered { pauses.removeFirst() }
            }
            neededAt = now
        }
    }

    /// By the number of replicas, from 1.
    private var levels: [Level] = []

    private static let remembered = 3
    /// Shorter needs and pauses are chance.
    private static let shortest = 10.0

    /// - Parameters:
    ///   - need: replicas that are needed now.
    ///   - existing: those that are there or starting: what is not there is not kept, and none is started to be held.
    ///   - breakEven: the pause, in seconds, from which letting go is cheaper.
    /// - Returns: replicas to keep.
    mutating func keep(need: Int, existing: Int, least: Double, breakEven: Double, at now: Double) -> Int {
        while levels.count < need { levels.append(Level(neededAt: -.infinity)) }
        for index in levels.indices { levels[index].note(isNeeded: index < need, at: now) }
        let kept = levels.lastIndex { now - $0.neededAt < Self.hold($0, least: least, breakEven: breakEven) }
        return max(need, min(existing, kept.map { $0 + 1 } ?? 0))
    }

    private static func hold(_ level: Level, least: Double, breakEven: Double) -> Double {
        let short = level.pauses.filter { $0 <= breakEven }
        guard let longest = short.max() else { return least }
        // How likely it is that this pause is as short (Laplace's rule of succession): one that was seen once is no custom.
        let chance = Double(short.count + 1) / Double(level.pauses.count + 2)
        let (hold, likely) = (longest * 1.25, longest * chance)
        return likely + hold * (1 - chance) <= breakEven * chance ? max(least, hold) : least
    }
}
