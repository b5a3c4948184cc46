package import Observability

/// What pages are made of, beside the Kubernetes API.
package struct SiteServices: Sendable {
    package var door: any KubeDoor
    package var metrics: MetricRegistry
    /// Seconds since 1970.
    package var now: @Sendable () -> Int64
    /// Signs one-time links; empty where there are none.
    package var linkKey = ""
    /// Names that the machine is known by, beside its addresses and localhost.
    package var hostNames: Set<String> = []
    /// Where models are called, from this process: `http://127.0.0.1:8080`. Known once the gateway listens.
    package var gateway: @Sendable () -> String = { "" }
    /// The domain of models' hosts.
    package var domain = "localhost"
    /// The file of the audit log; `nil` for none.
    package var auditLog: String?
    package var version = ""
    /// What was measured before; `nil` where nothing is kept.
    package var history: (any HistorySource)?
    /// Single requests; `nil` where they cannot be asked for.
    package var requests: (any RequestSource)?

    package init(door: any KubeDoor, metrics: MetricRegistry, now: @escaping @Sendable () -> Int64) {
        self.door = door
        self.metrics = metrics
        self.now = now
    }
}
