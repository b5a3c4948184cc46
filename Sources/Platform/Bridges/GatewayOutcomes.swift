import KubeModel
import Proxy
import ServingControllers

/// The gateway's counters, for the judge of rollouts.
struct GatewayOutcomes: RevisionOutcomes {
    let gateway: Gateway

    func outcomes(namespace: String, revision: String) -> RequestOutcomes {
        let key = ObjectKey(namespace: namespace, name: revision)
        guard let traffic = gateway.traffic.first(where: { $0.revision == key })?.traffic else {
            return RequestOutcomes()
        }
        var outcomes = RequestOutcomes()
        for (code, count) in traffic.codes where code != 499 {
            outcomes.requests += count
            if code >= 500 { outcomes.errors += count }
        }
        outcomes.errors = min(outcomes.requests, outcomes.errors + traffic.cuts)
        outcomes.firstToken = Self.counts(traffic.firstToken)
        outcomes.latency = Self.counts(traffic.duration)
        outcomes.tokens = traffic.completionTokens
        outcomes.generationSeconds = traffic.generationSeconds
        return outcomes
    }

    private static func counts(_ histogram: HistogramReading) -> LatencyCounts {
        LatencyCounts(bounds: HistogramReading.bounds.map { $0 / 1_000 }, counts: histogram.counts)
    }
}
