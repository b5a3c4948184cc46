import Activation
import KubeModel
import Observability
import Proxy

/// The same counts as Knative has them: by its old names (1.18 and before, with which most dashboards were made) and by
/// those of its OpenTelemetry metrics as Prometheus shows them.
enum KnativeRequestMetrics {
    static func collect(_ traffic: [Proxy.RevisionTraffic], _ exemplars: TraceExemplars) -> [MetricFamily] {
        let called = traffic.filter { !$0.traffic.codes.isEmpty || !$0.shadow.codes.isEmpty }
        func family(
            _ name: String, _ kind: MetricFamily.Kind, _ help: String,
            _ samples: (TrafficReading, [Label]) -> [MetricFamily.Sample], _ labels: (Proxy.RevisionTraffic) -> [Label]
        ) -> MetricFamily {
            MetricFamily(
                name, kind, help: help,
                samples: called.flatMap { revision in
                    let own = revision.traffic.codes.isEmpty ? [] : samples(revision.traffic, labels(revision))
                    // Copies that were sent as shadow traffic stand apart.
                    let copies =
                        revision.shadow.codes.isEmpty
                        ? [] : samples(revision.shadow, labels(revision) + [("shadow", "true")])
                    return own + copies
                })
        }
        return [
            family(
                "revision_request_count", .counter, "Requests that have ended, by revision and status.", requests,
                oldLabels),
            family(
                "revision_request_latencies", .histogram,
                "Milliseconds from a request's head to the end of its response.", latencies, oldLabels),
            family(
                "kn_serving_invocation_duration_seconds", .histogram,
                "Seconds from a request's head to the end of its response.", durations, newLabels),
            MetricFamily(
                "revision_queue_depth", .gauge, help: "Requests that wait for a replica.",
                samples: called.map { .init(Double($0.waiting), labels: oldLabels($0)) }),
            MetricFamily(
                "activator_request_concurrency", .gauge, help: "Requests being answered or waiting.",
                samples: called.map { .init(Double($0.concurrency.inFlight), labels: oldLabels($0)) }),
            MetricFamily(
                "kn_revision_request_queued", .gauge, help: "Requests that wait for a replica.",
                samples: called.map { .init(Double($0.waiting), labels: newLabels($0)) }),
            MetricFamily(
                "kn_revision_request_active", .gauge, help: "Requests being answered.",
                samples: called.map {
                    .init(Double(max(0, $0.concurrency.inFlight - $0.waiting)), labels: newLabels($0))
                }),
        ]
    }

    private typealias Label = (name: String, value: String)
    private static let secondBounds = BucketBounds(HistogramReading.bounds.map { $0 / 1_000 })

    private static func oldLabels(_ traffic: Proxy.RevisionTraffic) -> [Label] {
        [
            ("namespace_name", traffic.revision.namespace ?? ""), ("service_name", traffic.service),
            ("configuration_name", traffic.configuration), ("revision_name", traffic.revision.name),
        ]
    }

    private static func newLabels(_ traffic: Proxy.RevisionTraffic) -> [Label] {
        [
            ("k8s_namespace_name", traffic.revision.namespace ?? ""), ("kn_service_name", traffic.service),
            ("kn_configuration_name", traffic.configuration), ("kn_revision_name", traffic.revision.name),
        ]
    }

    private static func requests(_ traffic: TrafficReading, _ labels: [Label]) -> [MetricFamily.Sample] {
        traffic.codes.sorted { $0.key < $1.key }.map { code, count in
            let codes = [Label("response_code", "\(code)"), ("response_code_class", "\(code / 100)xx")]
            return .init(Double(count), labels: labels + codes)
        }
    }

    private static func latencies(_ traffic: TrafficReading, _ labels: [Label]) -> [MetricFamily.Sample] {
        MetricFamily.histogram(
            GatewayMetrics.bounds, counts: traffic.duration.counts, sum: traffic.duration.sum,
            labels: MetricLabels(labels))
    }

    private static func durations(_ traffic: TrafficReading, _ labels: [Label]) -> [MetricFamily.Sample] {
        MetricFamily.histogram(
            secondBounds, counts: traffic.duration.counts, sum: traffic.duration.sum / 1_000,
            labels: MetricLabels(labels))
    }
}
