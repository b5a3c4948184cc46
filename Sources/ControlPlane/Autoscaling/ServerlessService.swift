/// Where Knative would put the requests of a revision (`pkg/reconciler/autoscaling/kpa`): through activators, or past them.
/// Martlet's gateway is always in the path and at no cost; the mode is worked out for those who watch it.
package enum ServerlessService {
    package enum Mode: String, Sendable, Hashable {
        /// Straight to the replicas.
        case serve = "Serve"
        /// Through the queue.
        case proxy = "Proxy"
    }

    /// - Parameter want: replicas wanted; -1 while that is not known.
    package static func mode(want: Int, excessBurstCapacity: Int) -> Mode {
        want > 0 && excessBurstCapacity >= 0 ? .serve : .proxy
    }

    /// How many activators a revision would be given: enough for all that its replicas take and the burst, two at least.
    package static func activators(ready: Int, policy: ScalingPolicy, activatorCapacity: Double) -> Int {
        guard policy.targetBurstCapacity >= 0 else { return 0 }  // All there are.
        guard policy.targetBurstCapacity > 0 else { return 2 }
        let load = Double(ready) * policy.capacity + policy.targetBurstCapacity
        return max(2, Int(clamped: (load / activatorCapacity).rounded(.up)))
    }
}
