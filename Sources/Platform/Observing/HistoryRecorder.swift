import Observability

/// Tells the history every ten seconds what metrics are.
struct HistoryRecorder: Sendable {
    let history: History
    let metrics: MetricRegistry
    let machine: MachineMetrics

    /// Runs until cancelled. Instances that were started at different times tick at the same ones: on full tens of seconds.
    func run() async {
        while !Task.isCancelled {
            await machine.measure()
            let moment = Double(RecordedRequests.now()) / 1_000
            await history.record(metrics.collect(), Self.keep, at: moment)
            try? await Task.sleep(for: .milliseconds(10_000 - RecordedRequests.now() % 10_000))
        }
    }

    private static let revision = ["namespace", "service", "revision"]
    private static let pod = revision + ["pod"]

    /// What of all metrics is remembered, and by which labels.
    static let keep = HistoryKeep([
        "martlet_requests_total": revision + ["code"],
        "martlet_request_duration_milliseconds": revision,
        "martlet_first_token_milliseconds": revision,
        "martlet_time_between_tokens_milliseconds": revision,
        "martlet_request_wait_milliseconds": revision,
        "martlet_prompt_tokens_total": revision,
        "martlet_completion_tokens_total": revision,
        "martlet_cold_start_requests_total": revision,
        "martlet_stream_cuts_total": revision,
        "martlet_requests_in_flight": revision,
        "martlet_requests_waiting": revision,
        "martlet_ready_replicas": revision,
        "martlet_desired_replicas": revision,
        "martlet_kv_cache_usage_ratio": pod,
        "martlet_pod_cpu_cores": pod,
        "martlet_pod_memory_bytes": pod,
        "martlet_node_cpu_cores": [],
        "martlet_node_cpu_cores_used": [],
        "martlet_node_memory_bytes": [],
        "martlet_node_memory_used_bytes": [],
        "martlet_unrouted_requests_total": ["code"],
        "process_resident_memory_bytes": [],
        "process_cpu_seconds_total": [],
    ])
}
