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
        return [
            family("revision_request_count", .counter, "Requests that have ended, by revision and status.", requests),
            family(
                "revision_request_latencies", .histogram,
                "Milliseconds from a request's head to the end of its response."
            ) {
                histogram($0.traffic.duration, labels($0))
            },
            family(
                "martlet_first_byte_milliseconds", .histogram, "Milliseconds from a request's head to its response's."
            ) {
                histogram($0.traffic.firstByte, labels($0))
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
            family(
                "martlet_first_token_milliseconds", .histogram,
                "Milliseconds from sending a request to its server to the first event of the answer, or its first byte."
            ) {
                histogram($0.traffic.firstToken, labels($0))
            },
            family("martlet_prompt_tokens_total", .counter, "Tokens of prompts, as the servers count them.") {
                [.init(Double($0.traffic.promptTokens), labels: labels($0))]
            },
            family(
                "martlet_completion_tokens_total", .counter,
                "Tokens generated, as the servers count them; of a stream that does not say, its events."
            ) {
                [.init(Double($0.traffic.completionTokens), labels: labels($0))]
            },
            family(
                "martlet_generation_seconds_total", .counter,
                "Seconds that the generated tokens took, all answers together."
            ) {
                [.init($0.traffic.generationSeconds, labels: labels($0))]
            },
            family(
                "martlet_stream_cuts_total", .counter, "Answers that ended after they had begun and before their end."
            ) {
                [.init(Double($0.traffic.cuts), labels: labels($0))]
            },
            MetricFamily(
                "martlet_unrouted_requests_total", .counter, help: "Requests that no revision was found for.",
                samples: gateway.unrouted.codes.sorted { $0.key < $1.key }.map { code, count in
                    .init(Double(count), labels: [("response_code", "\(code)")])
                }),
        ]
    }

    private static func labels(_ traffic: Proxy.RevisionTraffic) -> [(name: String, value: String)] {
        [
            ("namespace_name", traffic.revision.namespace ?? ""), ("service_name", traffic.service),
            ("configuration_name", traffic.configuration), ("revision_name", traffic.revision.name),
        ]
    }

    private static func requests(_ traffic: Proxy.RevisionTraffic) -> [MetricFamily.Sample] {
        traffic.traffic.codes.sorted { $0.key < $1.key }.map { code, count in
            let codes = [("response_code", "\(code)"), ("response_code_class", "\(code / 100)xx")]
            return .init(Double(count), labels: labels(traffic) + codes)
        }
    }

    private static func histogram(
        _ reading: HistogramReading, _ labels: [(name: String, value: String)]
    ) -> [MetricFamily.Sample] {
        MetricFamily.histogram(
            bounds: HistogramReading.bounds, counts: reading.counts.map(UInt64.init), sum: reading.sum, labels: labels)
    }
}
