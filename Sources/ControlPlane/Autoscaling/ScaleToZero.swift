/// The last step down, from some replicas to none (Knative, `pkg/reconciler/autoscaling/kpa/scaler.go`).
///
/// A revision that is wanted at zero is first idle for a stable window, then inactive for the grace period (or its
/// retention, if that is longer), and only then stopped. States: active -> (window passed) inactive -> (grace passed)
/// zero. A request at any moment makes it active again.
package enum ScaleToZero {
    package enum Activity: Sendable, Hashable {
        /// Replicas are starting since then.
        case activating(since: Duration)
        case active(since: Duration)
        case inactive(since: Duration)
    }

    package enum Step: Sendable, Hashable {
        /// Keep what is there; look again after so long.
        case hold(lookAgainAfter: Duration)
        /// Nobody calls: say so (condition Active False, reason NoTraffic), keep the replicas, look again at once.
        case becomeInactive
        case scaleToZero
        /// The start took longer than the progress deadline: give up (condition Active False, reason TimedOut).
        case giveUp
    }

    /// What to do with a revision whose desired scale is zero.
    package static func step(
        _ activity: Activity, policy: ScalingPolicy, progressDeadline: Duration, at now: Duration
    ) -> Step {
        switch activity {
        case .activating(let since):
            return wait(until: since + progressDeadline + .seconds(30), then: .giveUp, at: now)
        case .active(let since):
            return wait(until: since + policy.stableWindow, then: .becomeInactive, at: now)
        case .inactive(let since):
            return wait(until: since + max(policy.gracePeriod, policy.retention), then: .scaleToZero, at: now)
        }
    }

    private static func wait(until moment: Duration, then step: Step, at now: Duration) -> Step {
        now >= moment ? step : .hold(lookAgainAfter: moment - now)
    }
}
