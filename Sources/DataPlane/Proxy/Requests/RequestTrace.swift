import HTTPFraming
import NIOCore

/// The gateway's span of a request's trace.
struct RequestTrace {
    /// With the gateway's own span.
    var context: TraceContext
    /// The caller's span; 0: the trace begins here.
    var parent: UInt64
}

/// Whether requests are traced.
package struct TracePolicy: Sendable, Hashable {
    /// Of the requests whose caller does not say, from 0 to 1.
    package var share: Double

    package init(share: Double) { self.share = share }
}

extension ClientConnection {
    /// The request goes on in its caller's trace, or begins one. Without a policy the gateway is no part of traces: what the
    /// caller sent passes unchanged.
    func beginTrace(_ bytes: Span<UInt8>) {
        var caller: TraceContext?
        if let value = parser.head.traceparent { caller = TraceContext(bytes.extracting(value)) }
        guard let policy = worker.tracing else {
            exchange?.trace = caller.map { RequestTrace(context: $0, parent: $0.span) }
            return
        }
        let own = TraceContext(
            traceHigh: caller?.traceHigh ?? worker.random.next(),
            traceLow: caller?.traceLow ?? worker.random.next() | 1,
            span: worker.random.next() | 1,
            isSampled: caller?.isSampled ?? (Double(worker.random.next() >> 11) * 0x1p-53 < policy.share))
        exchange?.trace = RequestTrace(context: own, parent: caller?.span ?? 0)
    }

    /// The server's span will be a child of the gateway's.
    func writeTrace() {
        guard worker.tracing != nil, let trace = exchange?.trace else { return }
        removeFields(named: Self.traceparent)
        request.writeString(trace.context.line)
    }

    private static let traceparent = Array("traceparent".utf8)
}

/// Numbers that cannot be foreseen well enough to be told apart: SplitMix64 from a seed of the system.
struct TraceIDs {
    private var state = UInt64.random(in: 0...UInt64.max)

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
