import Activation
import Autoscaling
import Observability
import Proxy
import Routing

/// What model servers tell of themselves, for the gateway's choice among several replicas of a revision: every second,
/// and of those that tell nothing, every minute. Where there is no choice nobody is asked.
struct EngineGauges {
    let gateway: Gateway
    let scraper: MetricsScraper

    private static let interval = Duration.seconds(1)
    private static let silence = Duration.seconds(60)

    func run() async {
        var silentUntil: [Endpoint: ContinuousClock.Instant] = [:]
        while !Task.isCancelled {
            let now = ContinuousClock.now
            silentUntil = silentUntil.filter { $0.value > now }
            let asked = gateway.choices.filter { silentUntil[$0] == nil }
            let silent = await withTaskGroup(of: Endpoint?.self) { group in
                for endpoint in asked { group.addTask { await ask(endpoint) ? nil : endpoint } }
                return await group.reduce(into: []) { $0 += $1.map { [$0] } ?? [] }
            }
            for endpoint in silent { silentUntil[endpoint] = now + Self.silence }
            do { try await Task.sleep(for: Self.interval) } catch { return }
        }
    }

    /// - Returns: Whether it said anything.
    private func ask(_ endpoint: Endpoint) async -> Bool {
        guard endpoint.portProtocol == .http1,
            let values = await scraper.values(of: EngineSample.names, host: endpoint.address, port: endpoint.port),
            let sample = EngineSample(metrics: values)
        else { return false }
        let cache = Int(((sample.cacheUse ?? 0) * 1_000).rounded())
        gateway.note(EngineGauge(waiting: Int(sample.waiting), cachePermille: cache), of: endpoint)
        return true
    }
}
