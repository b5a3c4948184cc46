package import Autoscaling
package import KubeModel

/// Where the engine of a pod tells of itself.
package struct EngineAddress: Sendable, Hashable {
    package var pod: ObjectKey
    package var host: String
    package var port: Int

    package init(pod: ObjectKey, host: String, port: Int) {
        self.pod = pod
        self.host = host
        self.port = port
    }
}

/// Reads what engines tell of themselves. `Platform` fits it to the scraper.
package protocol EngineMetricsSource: Sendable {
    /// What the engine says; `nil` where it does not answer in time, or nothing that is understood.
    func read(_ address: EngineAddress) async -> EngineSample?
}

/// No engine tells anything: the gateway's counters have to do.
package struct NoEngineMetrics: EngineMetricsSource {
    package init() {}

    package func read(_ address: EngineAddress) async -> EngineSample? { nil }
}
