import Observability
import Proxy

/// What was decided about callers of protected services, by Authorino's name.
enum AuthorinoMetrics {
    static func collect(_ gateway: Gateway) -> [MetricFamily] {
        [
            MetricFamily(
                "auth_server_response_status", .counter, help: "Decisions about callers of protected services.",
                samples: gateway.accessDecisions.sorted { $0.key < $1.key }.filter { $0.value > 0 }.map {
                    status, count in
                    .init(Double(count), labels: [("status", status)])
                })
        ]
    }
}
