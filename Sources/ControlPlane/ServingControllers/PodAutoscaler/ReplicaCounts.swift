import Autoscaling
import JSONModel
import KubeModel
import ServingAPI

/// The replicas of a revision as they are.
struct ReplicaCounts: Sendable, Hashable {
    /// Those that can take requests.
    var ready = 0
    /// Those that were begun and are not ready yet.
    var starting = 0
    /// How long one takes to start, as learned; `nil` where it is not known.
    var startTime: Duration?

    init(ready: Int = 0, starting: Int = 0, startTime: Duration? = nil) {
        self.ready = ready
        self.starting = starting
        self.startTime = startTime
    }

    /// - Parameter pods: of the revision.
    init(_ pods: [Object], startTime: Duration?) {
        let alive = pods.filter { !$0.isBeingDeleted && !$0.hasFailed }
        ready = alive.count(where: \.isReady)
        starting = alive.count - ready
        self.startTime = startTime
    }
}

extension LanguageModelPolicy {
    /// - Parameter autoscaler: the PodAutoscaler, with its revision's annotations.
    init(_ scaling: ScalingPolicy, of autoscaler: Object) {
        let annotations = autoscaler.annotations
        func number(_ key: String) -> Double? {
            annotations[key].flatMap(Double.init).flatMap { $0.isFinite ? $0 : nil }
        }
        let settings = autoscaler.autoscalingAnnotations
        let limit = autoscaler["spec", "containerConcurrency"]?.intValue ?? 0
        self.init(
            scaling, targetFirstToken: annotations[LanguageModelKeys.targetFirstToken].flatMap(Duration.init(goText:)),
            targetCacheUse: number(LanguageModelKeys.targetCache).map { $0 / 100 },
            targetRunning: number(LanguageModelKeys.targetRunning),
            hasCapacity: limit > 0 || settings["target"] != nil)
    }
}
