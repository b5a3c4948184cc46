import Activation
import Authorization
import HTTPFraming
package import KubeModel
import Routing

/// A request that the gateway has under way, as it was a moment ago.
package struct GatewayRequest: Sendable {
    package enum State: Sendable { case arriving, queued, waking, running, streaming }

    package var id: GatewayRequestID
    package var subject = RequestSubject()
    package var state: State
    /// Since its head.
    package var age: Duration
    package var bytes: Int
    package var tokens: Int
}

/// Which one: of which event loop, and its number there.
package struct GatewayRequestID: Sendable, Hashable {
    package var loop: Int
    package var number: UInt64

    package init(loop: Int, number: UInt64) {
        self.loop = loop
        self.number = number
    }
}

/// Who calls what.
package struct RequestSubject: Sendable {
    /// `nil`: none was found.
    package var revision: ObjectKey?
    /// The InferenceService, else the Knative Service; empty for none.
    package var service = ""
    package var pod = ""
    package var caller = ""
    package var method = ""
    package var path = ""
    /// 32 digits; empty for none.
    package var trace = ""

    package init() {}

    init(_ line: RequestLine, address: String, _ exchange: EndedExchange) {
        let revision = exchange.share?.revision
        self.revision = revision?.key
        service = revision.map { $0.inferenceService?.name ?? $0.service } ?? ""
        pod = exchange.endpoint?.endpoint.podName ?? ""
        let user = exchange.grant.flatMap { $0 === Grant.everyone ? nil : $0.user }
        caller = exchange.key?.name.name ?? user ?? address
        (method, path) = (line.method, line.path)
        trace = exchange.trace?.context.traceID ?? ""
    }
}

/// A request that has ended. All durations are since its head came.
package struct EndedRequest: Sendable {
    package var id: GatewayRequestID
    package var subject: RequestSubject
    /// Before it was looked at: since its head.
    package var age: Duration
    package var duration: Duration
    /// When it was known who calls, where that had to be asked.
    package var decided: Duration?
    /// When it began to wait for a replica.
    package var waitedSince: Duration?
    /// How long it waited.
    package var waited: Duration?
    package var isColdStart: Bool
    package var sent: Duration?
    package var firstByte: Duration?
    package var firstToken: Duration?
    /// 499: the client went away first.
    package var status: Int
    package var promptTokens: Int?
    package var completionTokens: Int?
    package var trace: EndedTrace?
    package var bodies: Bodies?

    package struct EndedTrace: Sendable {
        package var high: UInt64
        package var low: UInt64
        package var span: UInt64
        /// 0: none.
        package var parent: UInt64
        package var isSampled: Bool
    }

    package struct Bodies: Sendable {
        package var request: [UInt8]
        package var response: [UInt8]
        package var isCut: Bool
    }

    init(_ entry: RequestTrail.Entry, loop: Int, at now: MonotonicTime) {
        let exchange = entry.exchange
        func since(_ time: MonotonicTime?) -> Duration? {
            time.map { .nanoseconds($0.nanoseconds - exchange.began.nanoseconds) }
        }
        id = GatewayRequestID(loop: loop, number: entry.number)
        subject = RequestSubject(entry.line, address: entry.address, exchange)
        age = since(now) ?? .zero
        duration = since(exchange.ended) ?? .zero
        decided = since(exchange.decided)
        waitedSince = since(exchange.waitedSince)
        (waited, isColdStart) = (exchange.waited, exchange.isColdStart)
        (sent, firstByte, firstToken) = (
            since(exchange.sent), since(exchange.firstByte), since(exchange.firstToken)
        )
        status = exchange.status
        (promptTokens, completionTokens) = (exchange.counts.prompt, exchange.counts.completion)
        trace = exchange.trace.map {
            EndedTrace(
                high: $0.context.traceHigh, low: $0.context.traceLow, span: $0.context.span, parent: $0.parent,
                isSampled: $0.context.isSampled)
        }
        bodies = exchange.capture.map { Bodies(request: $0.request, response: $0.response, isCut: $0.isCut) }
    }
}
