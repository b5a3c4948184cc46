import APIServer
import Observability

/// The audit log's counts, by kube-apiserver's names.
enum AuditMetrics {
    static func collect(_ log: AuditLog) -> [MetricFamily] {
        [
            MetricFamily(
                "apiserver_audit_event_total", .counter, help: "Audit events that were written down.",
                samples: [.init(Double(log.written))]),
            MetricFamily(
                "apiserver_audit_error_total", .counter,
                help: "Audit events that were lost: too many at once, or the file could not be written.",
                samples: [.init(Double(log.dropped), labels: [("plugin", "log")])]),
        ]
    }
}
