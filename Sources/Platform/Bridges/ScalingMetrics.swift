import Autoscaling
import KubeModel
import Observability
import ServingControllers

/// What the autoscaler sees and wants, under Knative's names.
enum ScalingMetrics {
    /// - Parameter owners: whom people know revisions by.
    static func collect(_ readings: [ScalingReading], owners: [ObjectKey: String]) -> [MetricFamily] {
        func gauge(
            _ name: String, _ help: String, _ value: (ScalingReading) -> Double?
        ) -> MetricFamily {
            MetricFamily(
                "autoscaler_\(name)", .gauge, help: help,
                samples: readings.compactMap { reading in
                    value(reading).map { .init($0, labels: labels(reading)) }
                })
        }
        let replicas = readings.map { reading in
            let labels = [
                ("namespace", reading.revision.namespace ?? ""),
                ("service", owners[reading.revision] ?? reading.service), ("revision", reading.revision.name),
            ]
            return MetricFamily.Sample(Double(reading.desired), labels: labels.map { (name: $0, value: $1) })
        }
        return [
            MetricFamily(
                "martlet_desired_replicas", .gauge, help: "Replicas that the autoscaler wants.", samples: replicas),
            gauge("desired_pods", "Replicas that the autoscaler wants.") { Double($0.desired) },
            gauge("requested_pods", "Replicas that were asked for.") { Double($0.requested) },
            gauge("actual_pods", "Replicas that are ready.") { Double($0.ready) },
            gauge("not_ready_pods", "Replicas that are starting.") { Double($0.notReady) },
            gauge("terminating_pods", "Replicas that are stopping.") { Double($0.terminating) },
            gauge("excess_burst_capacity", "Requests that could come at once without waiting.") {
                $0.decision.map { Double($0.excessBurstCapacity) }
            },
            gauge("panic_mode", "1 while the number only grows.") { $0.decision.map { $0.isPanicking ? 1 : 0 } },
        ] + loads(.concurrency, "request_concurrency", "target_concurrency_per_pod", gauge)
            + loads(.rps, "requests_per_second", "target_requests_per_second", gauge)
    }

    /// The averages of the windows, and what is aimed at, of revisions that are scaled by `metric`.
    private static func loads(
        _ metric: ScalingMetric, _ name: String, _ target: String,
        _ gauge: (String, String, (ScalingReading) -> Double?) -> MetricFamily
    ) -> [MetricFamily] {
        func of(_ reading: ScalingReading) -> (Decider.Decision, ScalingPolicy)? {
            guard let decision = reading.decision, let policy = reading.policy, policy.metric == metric else {
                return nil
            }
            return (decision, policy)
        }
        return [
            gauge("stable_\(name)", "Average over the stable window.") { of($0)?.0.stableValue },
            gauge("panic_\(name)", "Average over the panic window.") { of($0)?.0.panicValue },
            gauge(target, "What a replica should have.") { of($0)?.1.target },
        ]
    }

    private static func labels(_ reading: ScalingReading) -> [(name: String, value: String)] {
        [
            ("namespace_name", reading.revision.namespace ?? ""), ("service_name", reading.service),
            ("configuration_name", reading.configuration), ("revision_name", reading.revision.name),
        ]
    }
}
