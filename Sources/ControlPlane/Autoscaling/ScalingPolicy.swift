/// What counts as load.
package enum ScalingMetric: String, Sendable, Hashable {
    /// Requests being answered or waiting, on average.
    case concurrency
    /// Requests per second.
    case rps
}

package enum AggregationAlgorithm: String, Sendable, Hashable {
    case linear
    case weightedExponential = "weighted-exponential"

    /// Both spellings that Knative knows.
    init?(_ text: String) {
        self.init(rawValue: text == "weightedExponential" ? "weighted-exponential" : text)
    }
}

/// How one revision is scaled: the cluster's settings with the revision's annotations applied.
package struct ScalingPolicy: Sendable, Hashable {
    package var metric: ScalingMetric
    package var aggregation: AggregationAlgorithm
    /// What a replica can take at most, in the metric's unit.
    package var capacity: Double
    /// What a replica should have, in the metric's unit; at least 0.01.
    package var target: Double
    package var targetBurstCapacity: Double
    package var stableWindow: Duration
    package var panicWindow: Duration
    package var panicThreshold: Double
    /// Whether a short window may start replicas by itself. Not where each needs a device: a burst is over before a large
    /// model is loaded, and holds what others need.
    package var panics = true
    package var maxScaleUpRate: Double
    package var maxScaleDownRate: Double
    package var minScale: Int
    /// 0: no limit.
    package var maxScale: Int
    package var initialScale: Int
    /// Where replicas are wanted at all, at least so many.
    package var activationScale: Int
    package var scaleDownDelay: Duration
    package var allowsScaleToZero: Bool
    package var gracePeriod: Duration
    package var retention: Duration

    /// The annotations are those of `autoscaling.knative.dev/`, without that prefix, in kebab-case. They are taken to have
    /// passed admission: a value that cannot be read counts as absent.
    ///
    /// - Parameter containerConcurrency: the revision's hard limit per replica; 0: none.
    package init(
        _ configuration: AutoscalerConfiguration = AutoscalerConfiguration(), annotations: [String: String] = [:],
        containerConcurrency: Int = 0
    ) {
        let read = AnnotationReader(annotations)
        metric = read.text("metric").flatMap(ScalingMetric.init) ?? .concurrency
        aggregation = read.text("metric-aggregation-algorithm").flatMap { AggregationAlgorithm($0) } ?? .linear
        let hardLimit = containerConcurrency > 0 ? Double(containerConcurrency) : nil
        var total =
            metric == .rps ? configuration.defaultRequestsPerSecond : hardLimit ?? configuration.defaultConcurrency
        if let wanted = read.number("target") {
            total = metric == .concurrency ? min(wanted, hardLimit ?? wanted) : wanted
        }
        let utilization =
            read.number("target-utilization-percentage").map { $0 / 100 } ?? configuration.targetUtilization
        capacity = total
        target = max(0.01, total * utilization)
        targetBurstCapacity = read.number("target-burst-capacity") ?? configuration.targetBurstCapacity
        stableWindow = read.duration("window") ?? configuration.stableWindow
        let panicShare = read.number("panic-window-percentage").map { $0 / 100 } ?? configuration.panicWindowShare
        panicWindow = max(.seconds(1), stableWindow * panicShare)
        panicThreshold = read.number("panic-threshold-percentage").map { $0 / 100 } ?? configuration.panicThreshold
        maxScaleUpRate = configuration.maxScaleUpRate
        maxScaleDownRate = configuration.maxScaleDownRate
        minScale = read.count("min-scale") ?? configuration.minScale
        let most = read.count("max-scale") ?? configuration.maxScale
        let limit = configuration.maxScaleLimit
        maxScale = limit > 0 ? min(most > 0 ? most : limit, limit) : most
        let initial = read.count("initial-scale") ?? configuration.initialScale
        let least = initial == 0 && !configuration.allowsZeroInitialScale ? 1 : initial
        // More than there may ever be would never be reached.
        initialScale = maxScale > 0 ? min(least, maxScale) : least
        activationScale = read.count("activation-scale") ?? 1
        scaleDownDelay = read.duration("scale-down-delay") ?? configuration.scaleDownDelay
        allowsScaleToZero = configuration.allowsScaleToZero
        gracePeriod = configuration.scaleToZeroGracePeriod
        retention = read.duration("scale-to-zero-pod-retention-period") ?? configuration.scaleToZeroRetention
    }
}

extension Duration {
    package var inSeconds: Double {
        let (seconds, attoseconds) = components
        return Double(seconds) + Double(attoseconds) * 1e-18
    }
}
