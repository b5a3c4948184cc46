/// The metrics that model servers tell of themselves, put together: with the labels of the pod that tells them, and where a
/// server's metrics were renamed between versions, under both names.
package struct RuntimePages: Sendable {
    private static let most = 20_000

    private var families: [String: MetricFamily] = [:]
    private var count = 0
    /// Samples that there was no room for.
    package private(set) var leftOut = 0

    package init() {}

    /// - Parameter labels: of the pod. A label of the server's by the same name becomes `exported_<name>`, as Prometheus has it.
    package mutating func add(_ page: [UInt8], labels: [(name: String, value: String)]) {
        for family in ExpositionReader.families(page) {
            var labelled = family
            labelled.samples = family.samples.map { sample in
                var sample = sample
                let own = sample.labels.pairs.map { pair in
                    labels.contains { $0.name == pair.name } ? ("exported_" + pair.name, pair.value) : pair
                }
                sample.labels = MetricLabels(own + labels)
                return sample
            }
            add(labelled)
            for name in Self.otherNames(of: family.name) {
                var renamed = labelled
                renamed.name = name
                add(renamed)
            }
        }
    }

    private mutating func add(_ family: MetricFamily) {
        let room = max(0, Self.most - count)
        let taken = family.samples.prefix(room)
        leftOut += family.samples.count - taken.count
        count += taken.count
        if families[family.name] == nil { families[family.name] = family.emptied }
        families[family.name]?.samples += taken
    }

    /// Sorted by name.
    package var all: [MetricFamily] { families.values.sorted { $0.name < $1.name } }

    /// vLLM 0.11 and 0.12 renamed these.
    private static let renamed = [
        ("vllm:gpu_cache_usage_perc", "vllm:kv_cache_usage_perc"),
        ("vllm:time_per_output_token_seconds", "vllm:inter_token_latency_seconds"),
        ("vllm:gpu_prefix_cache_queries_total", "vllm:prefix_cache_queries_total"),
        ("vllm:gpu_prefix_cache_hits_total", "vllm:prefix_cache_hits_total"),
        ("vllm:gpu_prefix_cache_queries", "vllm:prefix_cache_queries"),
        ("vllm:gpu_prefix_cache_hits", "vllm:prefix_cache_hits"),
    ]

    private static func otherNames(of name: String) -> [String] {
        renamed.compactMap { old, new in name == old ? new : name == new ? old : nil }
    }
}
