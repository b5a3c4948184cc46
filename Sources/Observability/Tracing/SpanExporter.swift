import AsyncHTTPClient
import JSONModel
package import Logging
import NIOCore
import NIOHTTP1
import Synchronization

/// Sends spans to a collector. They wait in a queue of a bounded length, and what there is no room for is dropped and counted:
/// nothing ever waits for a collector.
package final class SpanExporter: Sendable {
    private static let longestQueue = 8_192
    private static let largestBatch = 512
    private static let interval = Duration.seconds(1)
    private static let timeLimit = TimeAmount.seconds(10)

    private struct State {
        var waiting: [Span] = []
        var exported = 0
        var dropped = 0
        var hasFailed = false
    }

    private let address: String
    private let version: String
    private let resource: [(name: String, value: Span.Value)]
    private let logger: Logger
    private let state = Mutex(State())

    /// - Parameter endpoint: of the collector: `http://collector:4318`; the path for traces is added.
    package init(
        endpoint: String, resource: [(name: String, value: Span.Value)], version: String, logger: Logger
    ) {
        address = (endpoint.hasSuffix("/") ? String(endpoint.dropLast()) : endpoint) + "/v1/traces"
        self.resource = resource
        self.version = version
        self.logger = logger
    }

    package func add(_ spans: [Span]) {
        state.withLock { state in
            let room = max(0, Self.longestQueue - state.waiting.count)
            state.waiting += spans.prefix(room)
            state.dropped += max(0, spans.count - room)
        }
    }

    /// Sends until cancelled, and then what is left, once.
    package func run() async {
        while !Task.isCancelled {
            try? await Task.sleep(for: Self.interval)
            await flush()
        }
        let last = Task { await self.flush() }
        // The task of its own is not cancelled with this one.
        await last.value
    }

    private func flush() async {
        while true {
            let batch = state.withLock { state in
                defer { state.waiting.removeFirst(min(Self.largestBatch, state.waiting.count)) }
                return Array(state.waiting.prefix(Self.largestBatch))
            }
            guard !batch.isEmpty, await send(batch) else { return }
        }
    }

    /// - Returns: Whether the collector took them. What it did not take is gone: traces are samples.
    private func send(_ batch: [Span]) async -> Bool {
        var request = HTTPClientRequest(url: address)
        request.method = .POST
        request.headers.add(name: "Content-Type", value: "application/json")
        let body = OTLP.traces(batch, resource: resource, version: version)
        request.body = .bytes(ByteBuffer(bytes: body.serialized()))
        do {
            let response = try await HTTPClient.shared.execute(request, timeout: Self.timeLimit)
            _ = try? await response.body.collect(upTo: 64 << 10)
            guard 200..<300 ~= response.status.code else { return failed(batch, "\(response.status)") }
            state.withLock { state in
                state.exported += batch.count
                state.hasFailed = false
            }
            return true
        } catch {
            return failed(batch, "\(error)")
        }
    }

    private func failed(_ batch: [Span], _ reason: String) -> Bool {
        let isFirst = state.withLock { state in
            state.dropped += batch.count
            defer { state.hasFailed = true }
            return !state.hasFailed
        }
        if isFirst {
            logger.warning(
                "Spans cannot be sent to the collector (--trace-endpoint); they are dropped until it answers",
                metadata: ["address": "\(address)", "reason": "\(reason)"])
        }
        return false
    }

    package func collect() -> [MetricFamily] {
        let (exported, dropped) = state.withLock { ($0.exported, $0.dropped) }
        return [
            MetricFamily(
                "martlet_spans_exported_total", .counter, help: "Spans that the collector took.",
                samples: [.init(Double(exported))]),
            MetricFamily(
                "martlet_spans_dropped_total", .counter,
                help: "Spans that there was no room for, or that the collector did not take.",
                samples: [.init(Double(dropped))]),
        ]
    }
}
