/// The decision is a function of what went in: a history of inputs, told again, brings the same decisions.
extension Decider {
    /// Everything that a decider is ever told.
    package enum Input: Sendable, Hashable {
        case record(total: Double, from: Duration, to: Duration)
        case update(ScalingPolicy)
        case decide(ready: Int, load: Double, isReachable: Bool, at: Duration)
    }

    /// - Returns: the decision, where one was asked for.
    package mutating func take(_ input: Input) -> Decision? {
        switch input {
        case .record(let total, let start, let end):
            record(total, from: start, to: end)
            return nil
        case .update(let policy):
            update(policy)
            return nil
        case .decide(let ready, let load, let isReachable, let now):
            return decide(ready: ready, load: load, isReachable: isReachable, at: now)
        }
    }

    /// The decisions that a new decider makes of a recorded history.
    package static func replay(
        _ history: [Input], policy: ScalingPolicy, ready: Int, from start: Duration
    ) -> [Decision] {
        var decider = Decider(policy, ready: ready, at: start)
        return history.compactMap { decider.take($0) }
    }
}
