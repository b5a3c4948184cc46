import Observability

/// What the servers tell that is worth remembering, whatever they call it.
struct EngineReadings: Sendable {
    /// More servers than these are not asked for the history.
    private static let most = 64
    private static let cacheNames: Set = [
        "vllm:kv_cache_usage_perc", "llamacpp:kv_cache_usage_ratio", "sglang:token_usage",
        "trtllm_kv_cache_utilization",
    ]

    let runtimes: any RuntimeMetricsSource

    func collect() async -> [MetricFamily] {
        let families = await runtimes.families(Array(runtimes.targets().prefix(Self.most)))
        let usage = families.filter { Self.cacheNames.contains($0.name) }.flatMap(\.samples)
        return [
            MetricFamily(
                "martlet_kv_cache_usage_ratio", .gauge,
                help: "How full a server's cache of keys and values is: 0 to 1.",
                samples: usage.map { sample in
                    let pod = ["namespace", "service", "revision", "pod"]
                    return .init(sample.value, labels: sample.labels.pairs.filter { pod.contains($0.name) })
                })
        ]
    }
}
