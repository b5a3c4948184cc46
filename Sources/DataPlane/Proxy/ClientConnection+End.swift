import Activation
import HTTPFraming
import NIOCore

// How exchanges and connections end.
extension ClientConnection {
    func answer(_ error: GatewayError) {
        if exchange?.progress.isResponseStarted == true {
            cutOff(error)
        } else {
            answer(LocalResponse(error))
        }
    }

    /// Answers by itself, and gives up whatever was going on for the request.
    func answer(_ response: LocalResponse) {
        guard let exchange else { return }
        detach()
        phase = .head
        let closes = !exchange.keepsAlive || !exchange.progress.isRequestComplete || worker.isStopping
        outbound.clear(minimumCapacity: 512)
        response.write(to: &outbound, closes: closes, withoutBody: exchange.isToHead)
        flushResponse()
        endExchange(status: response.status)
        go(on: exchange.progress.afterwards(closes: closes))
    }

    /// Leaves the queue, the attempt to connect or the server.
    func detach() {
        switch phase {
        case .held(let ticket): exchange?.share?.gate.cancel(ticket)
        case .connecting: attempt += 1
        case .forwarding(let upstream), .tunnel(let upstream): upstream.cancel()
        case .idle, .head, .selecting, .lingering, .closed: break
        }
    }

    func go(on afterwards: ExchangeProgress.Afterwards) {
        if afterwards == .nextRequest, !worker.isStopping {
            phase = .idle
            setDeadline(after: worker.limits.keepAlive)
        } else {
            linger()
        }
    }

    /// Sends no more, and waits a little for the client to have read and closed: closing while bytes still come in
    /// would take the response back from it.
    private func linger() {
        phase = .lingering
        inbound = ByteBuffer()
        setDeadline(after: worker.limits.betweenBytes)
        guard let context else { return }
        let promise = context.eventLoop.makePromise(of: Void.self)
        promise.futureResult.assumeIsolated().whenComplete { _ in self.setDeadline(after: self.worker.limits.linger) }
        context.close(mode: .output, promise: promise)
    }

    private func cutOff(_ error: GatewayError) {
        guard case .forwarding(let upstream) = phase else { return }
        let room = upstream.room
        upstream.cancel()
        cut(error, room: room)
    }

    /// Ends a response that the client has part of so that it cannot be taken for complete.
    func cut(_ error: GatewayError, room: BodyTracker.Room) {
        guard let exchange else { return }
        flushResponse()
        let isBare = exchange.isUntilClose
        exchange.share?.counters.countCut()
        if exchange.answer.kind == .events,
            let bytes = StreamCut.bytes(
                error, room: isBare ? .any : room, isBetweenEvents: exchange.answer.events.isBetweenEvents)
        {
            write(ByteBuffer(bytes: bytes))
        }
        endExchange(status: error.status)
        phase = .lingering
        closeAfterWriting(withReset: isBare)
    }

    /// - Parameter withReset: Where the end of the connection is what ends the response, it must not look like one.
    private func closeAfterWriting(withReset: Bool) {
        guard let context else { return }
        setDeadline(after: worker.limits.linger)
        let promise = context.eventLoop.makePromise(of: Void.self)
        promise.futureResult.assumeIsolated().whenComplete { _ in
            if withReset { self.resetOnClose() }
            self.abort()
        }
        context.writeAndFlush(wrapOutboundOut(ByteBuffer()), promise: promise)
    }

    private func resetOnClose() {
        guard let socket = context?.channel as? any SocketOptionProvider else { return }
        socket.unsafeSetSocketOption(level: .socket, name: .so_linger, value: ResetOnClose()).whenFailure { _ in }
    }

    func abort() { context?.close(promise: nil) }

    /// The gateway is stopping.
    func stopWhenIdle() {
        if case .idle = phase { abort() }
    }

    /// Something came, or went out.
    func touch() {
        guard let progress = exchange?.progress, let share = exchange?.share else { return }
        if progress.isResponseStarted {
            setDeadline(after: share.idleTimeout)
        } else if progress.isRequestComplete {
            setDeadline(after: share.firstByteTimeout)
        } else {
            setDeadline(after: worker.limits.bodyIdle)
        }
    }

    func checkDeadline(at now: MonotonicTime) {
        guard now >= deadline else { return }
        deadline = .never
        switch phase {
        case .idle, .lingering: abort()
        case .head: reject(.slowRequest)
        case .selecting: answer(.slowRequest)
        case .held: answer(.notStarted(exchange?.share?.load.name ?? "", after: worker.limits.activation))
        case .forwarding: answer(timeout)
        case .connecting, .tunnel, .closed: break
        }
        process()
    }

    private var timeout: GatewayError {
        guard let progress = exchange?.progress else { return .stalled }
        if progress.isResponseStarted { return .stalled }
        return progress.isRequestComplete ? .noFirstByte : .slowRequest
    }
}

/// `struct linger`, with which a socket sends RST instead of FIN when it is closed.
private struct ResetOnClose: Sendable {
    var isOn: CInt = 1
    var seconds: CInt = 0
}
