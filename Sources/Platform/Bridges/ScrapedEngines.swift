import Autoscaling
import Observability
import ServingControllers

/// What model servers tell of themselves, for the autoscaler.
struct ScrapedEngines: EngineMetricsSource {
    let scraper: MetricsScraper

    func read(_ address: EngineAddress) async -> EngineSample? {
        await scraper.values(of: EngineSample.names, host: address.host, port: address.port)
            .flatMap { EngineSample(metrics: $0) }
    }
}
