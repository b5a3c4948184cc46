/// What one engine says of itself at one moment, in the words of its own metrics: vLLM, llama.cpp, SGLang, and Text
/// Generation Inference (TGIS among them) are understood.
package struct EngineSample: Sendable, Hashable {
    package var running: Double
    package var waiting: Double
    package var cacheUse: Double?
    /// Seconds to the first token, summed up over all requests so far, and their number.
    package var firstTokenSeconds: Double?
    package var firstTokens: Double?

    package init(
        running: Double, waiting: Double, cacheUse: Double? = nil, firstTokenSeconds: Double? = nil,
        firstTokens: Double? = nil
    ) {
        self.running = running
        self.waiting = waiting
        self.cacheUse = cacheUse
        self.firstTokenSeconds = firstTokenSeconds
        self.firstTokens = firstTokens
    }

    /// - Parameter metrics: the values of the metrics in `names`, by name: one for each set of labels.
    /// - Returns: `nil` where no engine that is known says how many requests it runs.
    package init?(metrics: [String: [Double]]) {
        func find(_ names: [String]) -> [Double]? { names.lazy.compactMap { metrics[$0] }.first }
        func sum(_ names: [String]) -> Double? { find(names)?.reduce(0, +) }
        guard let running = sum(Self.runningNames) else { return nil }
        self.init(
            running: max(0, running), waiting: max(0, sum(Self.waitingNames) ?? 0),
            cacheUse: find(Self.cacheNames)?.max(), firstTokenSeconds: sum([Self.firstToken + "_sum"]),
            firstTokens: sum([Self.firstToken + "_count"]))
    }

    private static let runningNames = [
        "vllm:num_requests_running", "llamacpp:requests_processing", "sglang:num_running_reqs",
        "tgi_batch_current_size",
    ]
    private static let waitingNames = [
        "vllm:num_requests_waiting", "llamacpp:requests_deferred", "sglang:num_queue_reqs", "tgi_queue_size",
    ]
    private static let cacheNames = [
        "vllm:kv_cache_usage_perc", "vllm:gpu_cache_usage_perc", "llamacpp:kv_cache_usage_ratio", "sglang:token_usage",
    ]
    private static let firstToken = "vllm:time_to_first_token_seconds"

    /// The metrics that are looked at.
    package static let names = Set(
        runningNames + waitingNames + cacheNames + [firstToken + "_sum", firstToken + "_count"])

    /// - Parameter base: an earlier sample, since which first tokens are averaged. An engine that has started anew
    ///   begins to count from nothing: nothing is said of its first tokens then.
    package func load(since base: EngineSample) -> EngineLoad {
        var load = EngineLoad(running: running, waiting: waiting, cacheUse: cacheUse)
        if let seconds = firstTokenSeconds, let count = firstTokens, let oldSeconds = base.firstTokenSeconds,
            let oldCount = base.firstTokens, count > oldCount, seconds >= oldSeconds
        {
            load.firstToken = .seconds((seconds - oldSeconds) / (count - oldCount))
        }
        return load
    }
}
