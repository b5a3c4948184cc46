import KubeModel
import Observability
import Proxy

/// The same counts as Istio's gateway has them, as far as it is known here: who calls is not told by a workload's identity.
enum IstioMetrics {
    static func collect(_ traffic: [Proxy.RevisionTraffic]) -> [MetricFamily] {
        let called = traffic.filter { !$0.traffic.codes.isEmpty }.map { ($0.traffic, labels($0)) }
        return [
            MetricFamily(
                "istio_requests_total", .counter, help: "Requests that have ended.",
                samples: called.flatMap { traffic, labels in
                    traffic.codes.sorted { $0.key < $1.key }.map { code, count in
                        .init(Double(count), labels: labels, extra: ("response_code", "\(code)"))
                    }
                }),
            MetricFamily(
                "istio_request_duration_milliseconds", .histogram,
                help: "Milliseconds from a request's head to the end of its response.",
                samples: called.flatMap { traffic, labels in
                    MetricFamily.histogram(
                        GatewayMetrics.bounds, counts: traffic.duration.counts, sum: traffic.duration.sum,
                        labels: labels)
                }),
        ]
    }

    private static func labels(_ traffic: Proxy.RevisionTraffic) -> MetricLabels {
        let namespace = traffic.revision.namespace ?? ""
        return MetricLabels([
            ("reporter", "source"), ("source_workload", "martlet-gateway"),
            ("source_workload_namespace", "martlet-system"), ("destination_workload", traffic.revision.name),
            ("destination_workload_namespace", namespace),
            ("destination_service", "\(traffic.service).\(namespace).svc.cluster.local"),
            ("destination_service_name", traffic.service), ("destination_service_namespace", namespace),
            ("destination_app", traffic.owner),
        ])
    }
}
