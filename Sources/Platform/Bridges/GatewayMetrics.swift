import Activation
import KubeModel
import Observability
import Proxy

/// The gateway's counts as metrics: Knative's names where Knative has them.
enum GatewayMetrics {
    static func collect(_ gateway: Gateway) -> [MetricFamily] {
        let traffic = gateway.traffic
        func family(
            _ name: String, _ kind: MetricFamily.Kind, _ help: String,
            _ samples: (Proxy.RevisionTraffic) -> [MetricFamily.Sample]
        ) -> MetricFamily {
            MetricFamily(name, kind, help: help, samples: traffic.flatMap(samples))
        }
        /// What became of requests, and, apart from them, of the copies that were sent as shadow traffic.
        func outcomes(
            _ name: String, _ kind: MetricFamily.Kind, _ help: String,
            _ samples: (TrafficReading, Labels) -> [MetricFamily.Sample]
        ) -> MetricFamily {
            family(name, kind, help) {
                let copies = $0.shadow == TrafficReading() ? [] : samples($0.shadow, labels($0) + [("shadow", "true")])
                return samples($0.traffic, labels($0)) + copies
            }
        }
        return [
            outcomes("revision_request_count", .counter, "Requests that have ended, by revision and status.", requests),
            outcomes(
                "revision_request_latencies", .histogram,
                "Milliseconds from a request's head to the end of its response."
            ) {
                histogram($0.duration, $1)
            },
            outcomes(
                "martlet_first_byte_milliseconds", .histogram, "Milliseconds from a request's head to its response's."
            ) {
                histogram($0.firstByte, $1)
            },
            family("martlet_request_wait_milliseconds", .histogram, "Milliseconds that requests waited for a replica.")
            {
                histogram($0.traffic.wait, labels($0))
            },
            family("martlet_requests_in_flight", .gauge, "Requests being answered or waiting.") {
                [.init(Double($0.concurrency.inFlight), labels: labels($0))]
            },
            family("martlet_requests_waiting", .gauge, "Requests that wait for a replica.") {
                [.init(Double($0.waiting), labels: labels($0))]
            },
            family("martlet_waiting_bytes", .gauge, "What the waiting requests may hold in memory.") {
                [.init(Double($0.bytesWaiting), labels: labels($0))]
            },
            family("martlet_ready_replicas", .gauge, "Replicas that requests are sent to.") {
                [.init(Double($0.endpoints), labels: labels($0))]
            },
            family("martlet_cold_start_requests_total", .counter, "Requests that found no replica.") {
                [.init(Double($0.traffic.coldStarts), labels: labels($0))]
            },
            family(
                "martlet_request_retries_total", .counter,
                "Times that a request was sent again, none of it having been answered."
            ) {
                [.init(Double($0.traffic.retries), labels: labels($0))]
            },
            outcomes(
                "martlet_first_token_milliseconds", .histogram,
                "Milliseconds from sending a request to its server to the first event of the answer, or its first byte."
            ) {
                histogram($0.firstToken, $1)
            },
            outcomes("martlet_prompt_tokens_total", .counter, "Tokens of prompts, as the servers count them.") {
                [.init(Double($0.promptTokens), labels: $1)]
            },
            outcomes(
                "martlet_completion_tokens_total", .counter,
                "Tokens generated, as the servers count them; of a stream that does not say, its events."
            ) {
                [.init(Double($0.completionTokens), labels: $1)]
            },
            outcomes(
                "martlet_generation_seconds_total", .counter,
                "Seconds that the generated tokens took, all answers together."
            ) {
                [.init($0.generationSeconds, labels: $1)]
            },
            outcomes(
                "martlet_stream_cuts_total", .counter, "Answers that ended after they had begun and before their end."
            ) {
                [.init(Double($0.cuts), labels: $1)]
            },
            family("martlet_shadow_drops_total", .counter, "Copies of requests that the shadow had no place for.") {
                [.init(Double($0.shadow.drops), labels: labels($0))]
            },
            MetricFamily(
                "martlet_unrouted_requests_total", .counter,
                help: "Requests that reached no revision: refused, or there was none.",
                samples: gateway.unrouted.codes.sorted { $0.key < $1.key }.map { code, count in
                    .init(Double(count), labels: [("response_code", "\(code)")])
                }),
        ]
    }

    private typealias Labels = [(name: String, value: String)]

    private static func labels(_ traffic: Proxy.RevisionTraffic) -> Labels {
        [
            ("namespace_name", traffic.revision.namespace ?? ""), ("service_name", traffic.service),
            ("configuration_name", traffic.configuration), ("revision_name", traffic.revision.name),
        ]
    }

    private static func requests(_ traffic: TrafficReading, _ labels: Labels) -> [MetricFamily.Sample] {
        traffic.codes.sorted { $0.key < $1.key }.map { code, count in
            let codes = [("response_code", "\(code)"), ("response_code_class", "\(code / 100)xx")]
            return .init(Double(count), labels: labels + codes)
        }
    }

    private static func histogram(
        _ reading: HistogramReading, _ labels: [(name: String, value: String)]
    ) -> [MetricFamily.Sample] {
        MetricFamily.histogram(
            bounds: HistogramReading.bounds, counts: reading.counts.map(UInt64.init), sum: reading.sum, labels: labels)
    }
}
