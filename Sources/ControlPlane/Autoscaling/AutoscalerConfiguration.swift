/// The cluster-wide settings of the pod autoscaler: the keys and defaults of Knative's ConfigMap `config-autoscaler`
/// (Knative Serving 1.21, `pkg/autoscaler/config`).
package struct AutoscalerConfiguration: Sendable, Hashable {
    /// The share of a replica's capacity that is aimed at: 0.7.
    package var targetUtilization = 0.7
    /// Requests at once that a replica takes where containerConcurrency is 0.
    package var defaultConcurrency = 100.0
    package var defaultRequestsPerSecond = 200.0
    /// Requests that may arrive at once without being queued; -1: everything goes through the queue, 0: nothing does.
    package var targetBurstCapacity = 211.0
    package var stableWindow: Duration = .seconds(60)
    /// The panic window as a share of the stable one.
    package var panicWindowShare = 0.1
    /// Panic begins where the panic window wants so many times the replicas that are ready.
    package var panicThreshold = 2.0
    package var maxScaleUpRate = 1000.0
    package var maxScaleDownRate = 2.0
    package var allowsScaleToZero = true
    package var scaleToZeroGracePeriod: Duration = .seconds(30)
    package var scaleToZeroRetention: Duration = .zero
    package var initialScale = 1
    package var allowsZeroInitialScale = true
    package var minScale = 0
    /// 0: no limit.
    package var maxScale = 0
    /// No revision gets more, whatever it asks for; 0: no limit.
    package var maxScaleLimit = 0
    package var scaleDownDelay: Duration = .zero
    /// Of revisions that name none.
    package var scalingClass = ScalingClass.kpa
    /// Requests at once that one activator is thought to hold, where there are any.
    package var activatorCapacity = 100.0

    package init() {}
}

/// Who decides how many replicas a revision has.
package enum ScalingClass: String, Sendable, Hashable {
    /// Knative's pod autoscaler.
    case kpa = "kpa.autoscaling.knative.dev"
    /// A HorizontalPodAutoscaler.
    case hpa = "hpa.autoscaling.knative.dev"
    /// Martlet's, for language models.
    case llm = "llm.martlet.dev"
}
