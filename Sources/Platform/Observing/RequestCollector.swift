import Observability
import Proxy
import Synchronization

/// Takes ended requests from the gateway's event loops once a second: for the records, and for whoever else wants them.
final class RequestCollector: Sendable {
    private static let interval = Duration.seconds(1)

    private let requests: RecordedRequests
    private let keepsRecords: Bool
    private let onEnded: @Sendable ([(request: EndedRequest, record: RequestRecord)]) -> Void
    private let taken = Atomic(0)
    private let lost = Atomic(0)

    /// - Parameter onEnded: called with what has ended; it must not take long.
    init(
        _ requests: RecordedRequests, keepsRecords: Bool,
        onEnded: @escaping @Sendable ([(request: EndedRequest, record: RequestRecord)]) -> Void = { _ in }
    ) {
        self.requests = requests
        self.keepsRecords = keepsRecords
        self.onEnded = onEnded
    }

    /// Runs until cancelled, and then takes what is there a last time.
    func run() async {
        while !Task.isCancelled {
            try? await Task.sleep(for: Self.interval)
            await collect()
        }
    }

    private func collect() async {
        let (ended, lost) = await requests.gateway.takeEnded()
        self.lost.add(lost, ordering: .relaxed)
        taken.add(ended.count, ordering: .relaxed)
        guard !ended.isEmpty else { return }
        let now = RecordedRequests.now()
        let pairs = ended.map { ($0, requests.record($0, now: now)) }
        onEnded(pairs.map { (request: $0.0, record: $0.1) })
        if keepsRecords { await requests.records.add(pairs.map(\.1)) }
    }

    func collectMetrics() -> [MetricFamily] {
        [
            MetricFamily(
                "martlet_request_records_total", .counter, help: "Requests that were recorded.",
                samples: [.init(Double(taken.load(ordering: .relaxed)))]),
            MetricFamily(
                "martlet_request_records_lost_total", .counter,
                help: "Requests that were not recorded: there were more at once than an event loop keeps.",
                samples: [.init(Double(lost.load(ordering: .relaxed)))]),
        ]
    }
}
