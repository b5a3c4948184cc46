import Activation
import KubeModel
import Observability
import Proxy

/// The gateway's counts under Martlet's own names, the same for every runtime, with the labels namespace, service and
/// revision. `service` is the InferenceService, or the Knative Service where there is none.
///
/// A revision that was never called has its gauges only: a thousand sleeping services must not make a scrape large.
struct GatewayMetrics {
    typealias Samples = [MetricFamily.Sample]

    static let bounds = BucketBounds(HistogramReading.bounds)

    /// A revision with its labels.
    struct Labelled {
        let traffic: Proxy.RevisionTraffic
        let labels: MetricLabels
        var wasCalled: Bool { !traffic.traffic.codes.isEmpty || traffic.traffic.coldStarts > 0 }

        init(_ traffic: Proxy.RevisionTraffic) {
            self.traffic = traffic
            labels = MetricLabels([
                ("namespace", traffic.revision.namespace ?? ""), ("service", traffic.owner),
                ("revision", traffic.revision.name),
            ])
        }
    }

    let revisions: [Labelled]
    let unrouted: TrafficReading
    let exemplars: TraceExemplars

    static func collect(_ gateway: Gateway, _ exemplars: TraceExemplars) -> [MetricFamily] {
        let traffic = gateway.traffic
        let metrics = GatewayMetrics(
            revisions: traffic.map(Labelled.init), unrouted: gateway.unrouted, exemplars: exemplars)
        return metrics.counters + metrics.gauges + metrics.histograms + metrics.others
            + KnativeRequestMetrics.collect(traffic, exemplars) + IstioMetrics.collect(traffic)
    }

    private func family(
        _ name: String, _ kind: MetricFamily.Kind, _ help: String, _ samples: (Labelled) -> Samples
    ) -> MetricFamily {
        MetricFamily(name, kind, help: help, samples: revisions.flatMap(samples))
    }

    private func counter(_ name: String, _ help: String, _ value: (TrafficReading) -> Double) -> MetricFamily {
        family(name, .counter, help) {
            $0.wasCalled ? [.init(value($0.traffic.traffic), labels: $0.labels)] : []
        }
    }

    private var counters: [MetricFamily] {
        [
            family("martlet_requests_total", .counter, "Requests that have ended, by status.") {
                Self.codes($0.traffic.traffic, $0.labels)
            },
            counter("martlet_cold_start_requests_total", "Requests that found no replica.") { Double($0.coldStarts) },
            counter(
                "martlet_request_retries_total", "Times that a request was sent again, none of it having been answered."
            ) { Double($0.retries) },
            counter(
                "martlet_replica_ejections_total",
                "Times that a replica was left out for a while, because it failed again and again."
            ) { Double($0.ejections) },
            counter("martlet_prompt_tokens_total", "Tokens of prompts, as the servers count them.") {
                Double($0.promptTokens)
            },
            counter(
                "martlet_completion_tokens_total",
                "Tokens generated, as the servers count them; of a stream that does not say, its events."
            ) { Double($0.completionTokens) },
            counter(
                "martlet_generation_seconds_total", "Seconds that the generated tokens took, all answers together."
            ) { $0.generationSeconds },
            counter("martlet_stream_cuts_total", "Answers that ended after they had begun and before their end.") {
                Double($0.cuts)
            },
            family("martlet_shadow_requests_total", .counter, "Copies that were sent as shadow traffic, by status.") {
                Self.codes($0.traffic.shadow, $0.labels)
            },
            family("martlet_shadow_drops_total", .counter, "Copies of requests that the shadow had no place for.") {
                let drops = $0.traffic.shadow.drops
                return drops > 0 ? [.init(Double(drops), labels: $0.labels)] : []
            },
        ]
    }

    private var gauges: [MetricFamily] {
        func gauge(_ name: String, _ help: String, _ value: (Proxy.RevisionTraffic) -> Int) -> MetricFamily {
            family(name, .gauge, help) { [.init(Double(value($0.traffic)), labels: $0.labels)] }
        }
        return [
            gauge("martlet_requests_in_flight", "Requests being answered or waiting.") { $0.concurrency.inFlight },
            gauge("martlet_requests_waiting", "Requests that wait for a replica.") { $0.waiting },
            gauge("martlet_ready_replicas", "Replicas that requests are sent to.") { $0.endpoints },
            family("martlet_waiting_bytes", .gauge, "What the waiting requests may hold in memory.") {
                $0.wasCalled ? [.init(Double($0.traffic.bytesWaiting), labels: $0.labels)] : []
            },
        ]
    }

    private var histograms: [MetricFamily] {
        func histogram(
            _ name: String, _ help: String, _ reading: KeyPath<TrafficReading, HistogramReading>,
            _ measure: TraceExemplars.Measure? = nil
        ) -> MetricFamily {
            family(name, .histogram, help) { revision in
                let reading = revision.traffic.traffic[keyPath: reading]
                guard revision.wasCalled else { return [] }
                return MetricFamily.histogram(
                    Self.bounds, counts: reading.counts, sum: reading.sum, labels: revision.labels,
                    exemplar: measure.flatMap { exemplars.exemplar(of: revision.traffic.revision, $0) })
            }
        }
        return [
            histogram(
                "martlet_request_duration_milliseconds",
                "Milliseconds from a request's head to the end of its response.", \.duration, .duration),
            histogram(
                "martlet_first_byte_milliseconds", "Milliseconds from a request's head to its response's.", \.firstByte),
            histogram(
                "martlet_first_token_milliseconds",
                "Milliseconds from sending a request to its server to the first event of the answer, or its first byte.",
                \.firstToken, .firstToken),
            histogram(
                "martlet_time_between_tokens_milliseconds",
                "Milliseconds between two tokens of a stream, each stream's average.", \.betweenTokens),
            histogram("martlet_request_wait_milliseconds", "Milliseconds that requests waited for a replica.", \.wait),
        ]
    }

    private var others: [MetricFamily] {
        [
            MetricFamily(
                "martlet_unrouted_requests_total", .counter,
                help: "Requests that reached no revision: refused, or there was none.",
                samples: Self.codes(unrouted, .none))
        ]
    }

    static func codes(_ traffic: TrafficReading, _ labels: MetricLabels) -> Samples {
        traffic.codes.sorted { $0.key < $1.key }.map { code, count in
            .init(Double(count), labels: labels, extra: ("code", "\(code)"))
        }
    }
}

extension Proxy.RevisionTraffic {
    /// Whom people know it by.
    var owner: String { inferenceService?.name ?? service }
}
