import Activation
import HTTPFraming
import NIOCore

// What is asked of one event loop about its requests. The request path knows nothing of it.
extension Worker {
    var requestsInFlight: [GatewayRequest] {
        loop.assertInEventLoop()
        let now = now
        return connections.compactMap { $0.inFlight(at: now) }
    }

    /// - Returns: Whether the request was still there.
    func cancel(_ number: UInt64) -> Bool {
        loop.assertInEventLoop()
        guard let connection = connections.first(where: { $0.number == number && $0.exchange != nil && !$0.isShadow })
        else { return false }
        connection.cancelByOperator()
        return true
    }

    func takeEnded() -> (ended: [EndedRequest], lost: Int) {
        loop.assertInEventLoop()
        let (entries, lost) = trail.take()
        let now = now
        return (entries.map { EndedRequest($0, loop: index, at: now) }, lost)
    }

    func nextNumber() -> UInt64 {
        lastNumber &+= 1
        return lastNumber
    }
}

extension ClientConnection {
    /// `nil` between requests, and of shadow traffic.
    func inFlight(at now: MonotonicTime) -> GatewayRequest? {
        guard let exchange, !isShadow, let state = requestState else { return nil }
        let soFar = EndedExchange(exchange, status: 0, at: now)
        return GatewayRequest(
            id: GatewayRequestID(loop: worker.index, number: number),
            subject: RequestSubject(line, address: address, soFar), state: state,
            age: .nanoseconds(now.nanoseconds - exchange.began.nanoseconds), bytes: exchange.size,
            tokens: exchange.answer.counts.completion ?? 0)
    }

    private var requestState: GatewayRequest.State? {
        switch phase {
        case .head, .selecting, .gathering, .authorizing: .arriving
        case .held: exchange?.share?.endpoints.isEmpty == true ? .waking : .queued
        case .connecting: .running
        case .forwarding: exchange?.progress.isResponseStarted == true ? .streaming : .running
        case .tunnel: .streaming
        case .idle, .lingering, .closed: nil
        }
    }

    func cancelByOperator() {
        answer(.cancelled)
        process()
    }

    /// The request has ended: what there is to say of it is left where the loop is asked for it.
    func leaveTrail(of ended: Exchange, status: Int, at now: MonotonicTime) {
        guard worker.keepsTrail, !isShadow else { return }
        worker.trail.add(
            RequestTrail.Entry(
                number: number, line: line, address: address, exchange: EndedExchange(ended, status: status, at: now)))
    }
}
