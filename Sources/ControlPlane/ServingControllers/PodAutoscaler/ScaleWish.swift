import Autoscaling

/// How many replicas the load of a revision asks for, before any bounds, and the numbers that say so.
struct ScaleWish: Sendable, Hashable {
    var desired: Int
    /// See `Decider.Decision.excessBurstCapacity`.
    var excessBurstCapacity = 0
    /// For events: "1.20 requests at once ...".
    var evidence = ""
}

extension ScaleWish {
    init(_ decision: Decider.Decision, _ policy: ScalingPolicy) {
        desired = decision.desired
        excessBurstCapacity = decision.excessBurstCapacity
        let unit = policy.metric == .rps ? "requests per second" : "requests at once"
        let panic = decision.isPanicking ? "; panic: \(Self.text(decision.panicValue))" : ""
        evidence =
            "\(Self.text(decision.stableValue)) \(unit) over \(Self.text(policy.stableWindow.inSeconds)) s\(panic), "
            + "the target of a replica is \(Self.text(policy.target))"
    }

    init(_ decision: LanguageModelDecider.Decision, inFlight: Int) {
        desired = decision.desired
        excessBurstCapacity = -1
        let backlog =
            decision.backlog >= 1
            ? "; \(Self.text(decision.backlog)) would still wait when a new replica is ready" : ""
        evidence =
            "\(Self.text(decision.rate)) requests per second keep \(Self.text(decision.demand)) slots busy, a replica has "
            + "\(Self.text(decision.slots)), \(inFlight) requests are in flight\(backlog)"
    }

    /// Two digits after the point at most.
    static func text(_ value: Double) -> String {
        let rounded = (value * 100).rounded() / 100
        return rounded == rounded.rounded() && abs(rounded) < 1e15 ? "\(Int64(rounded))" : "\(rounded)"
    }
}
