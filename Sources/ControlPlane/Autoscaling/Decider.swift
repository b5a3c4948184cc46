/// How many replicas a revision should have: Knative's pod autoscaler (`pkg/autoscaler/scaling/autoscaler.go`) as a
/// pure function of a recorded history. Times are durations since any fixed moment.
///
/// The replicas wanted are the average load divided by the target of a replica, within rates of change. A short window
/// that wants twice what is ready (or whatever the threshold says) begins a panic, in which the number only grows
/// until a stable window has passed without another reason for it.
package struct Decider: Sendable {
    package struct Decision: Sendable, Hashable {
        /// Wanted replicas, before `ScalingPolicy.bounded`.
        package var desired: Int
        /// How many more requests could come at once; negative: the queue must stay in the path.
        package var excessBurstCapacity: Int
        package var stableValue: Double
        package var panicValue: Double
        package var isPanicking: Bool
    }

    package private(set) var policy: ScalingPolicy
    private var window: MetricWindow
    private var scaleDownDelay: MaximumWindow?
    private var panicSince: Duration?
    private var panicMaximum = 0

    /// - Parameter ready: replicas at the start. More than one begins in panic, so that a restart of Martlet scales
    ///   nothing down before it knows the load.
    package init(_ policy: ScalingPolicy, ready: Int, at now: Duration) {
        self.policy = policy
        window = MetricWindow(longest: policy.stableWindow)
        scaleDownDelay = policy.scaleDownDelay > .zero ? MaximumWindow(length: policy.scaleDownDelay) : nil
        if ready > 1 {
            panicSince = now
            panicMaximum = ready
        }
    }

    /// Takes new settings, keeping the history where the window stays the same.
    package mutating func update(_ policy: ScalingPolicy) {
        guard policy != self.policy else { return }
        if policy.stableWindow != self.policy.stableWindow { window = MetricWindow(longest: policy.stableWindow) }
        if policy.scaleDownDelay != self.policy.scaleDownDelay {
            scaleDownDelay = policy.scaleDownDelay > .zero ? MaximumWindow(length: policy.scaleDownDelay) : nil
        }
        self.policy = policy
    }

    /// What was counted between two moments, held requests included.
    ///
    /// - Parameter total: request-seconds for `concurrency`, requests for `rps`.
    package mutating func record(_ total: Double, from start: Duration, to end: Duration) {
        window.record(total, from: start, to: end)
    }

    /// - Parameters:
    ///   - ready: replicas that can take requests.
    ///   - load: the load at this moment. It counts where nothing was recorded for a second yet, so that the first
    ///     request of an idle revision decides at once.
    ///   - isReachable: whether a route leads to the revision; without one it may go to zero at once.
    package mutating func decide(ready: Int, load: Double, isReachable: Bool = true, at now: Duration) -> Decision {
        let stable = value(policy.stableWindow, load)
        let panic = value(policy.panicWindow, load)
        let floor = max(1, ready)
        let wantedStable = Self.replicas(stable, policy.target)
        let wantedPanic = Self.replicas(panic, policy.target)
        trackPanic(Double(wantedPanic) / Double(floor) >= policy.panicThreshold, at: now)

        var desired = limited(wantedStable, ready: floor, isReachable)
        if panicSince != nil {
            if policy.panics { desired = max(desired, limited(wantedPanic, ready: floor, isReachable)) }
            panicMaximum = max(panicMaximum, desired)
            desired = panicMaximum
        }
        if isReachable, let delayed = scaleDownDelay?.record(desired, at: now) { desired = delayed }
        return Decision(
            desired: desired, excessBurstCapacity: excessBurst(ready: ready, panic: panic), stableValue: stable,
            panicValue: panic, isPanicking: panicSince != nil)
    }

    private func value(_ length: Duration, _ load: Double) -> Double {
        guard let average = window.average(over: length, policy.aggregation) else { return load }
        let isYoung = window.average(over: length, atLeast: .seconds(1)) == nil
        return isYoung ? max(average, load) : average
    }

    private mutating func trackPanic(_ isOverThreshold: Bool, at now: Duration) {
        if isOverThreshold, policy.panics {
            panicSince = now
        } else if let since = panicSince, since + policy.stableWindow < now {
            panicSince = nil
            panicMaximum = 0
        }
    }

    private func limited(_ wanted: Int, ready: Int, _ isReachable: Bool) -> Int {
        let most = Int(clamped: (policy.maxScaleUpRate * Double(ready)).rounded(.up))
        let least = isReachable ? Int(clamped: (Double(ready) / policy.maxScaleDownRate).rounded(.down)) : 0
        let clamped = min(max(wanted, least), most)
        return wanted > 0 && policy.activationScale > 1 ? max(clamped, policy.activationScale) : clamped
    }

    private func excessBurst(ready: Int, panic: Double) -> Int {
        switch policy.targetBurstCapacity {
        case 0: return 0
        case ..<0: return -1
        default:
            return Int(
                clamped: (Double(ready) * policy.capacity - policy.targetBurstCapacity - panic).rounded(.down))
        }
    }

    private static func replicas(_ value: Double, _ target: Double) -> Int {
        Int(clamped: (value / target).rounded(.up))
    }
}

extension Int {
    /// The nearest number of replicas that there can be: within 32 bits, and 0 for what is no number.
    init(clamped value: Double) {
        self = value.isNaN ? 0 : Int(Swift.min(Swift.max(value, Double(Int32.min)), Double(Int32.max)))
    }
}
