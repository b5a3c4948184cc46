import Activation
import HTTPFraming
import NIOCore

// How exchanges and connections end.
extension ClientConnection {
    func answer(_ error: GatewayError) {
        if exchange?.progress.isResponseStarted == true {
            cutOff(error)
        } else if exchange?.early != nil {
            detach()
            cut(error, room: .none)
        } else {
            answer(LocalResponse(error))
        }
    }

    /// Answers by itself, and gives up whatever was going on for the request.
    func answer(_ response: LocalResponse) {
        guard let exchange else { return }
        detach()
        phase = .head
        // What the gateway answers by itself, such as the list of models, lets nothing go on elsewhere.
        if check != nil, !exchange.isCheckedGood, 200..<300 ~= response.status {
            answer(GatewayError(403, code: "permission_denied", "The gateway answers this by itself: send it there."))
            return
        }
        if case .call(let tell)? = check {
            endExchange(status: response.status)
            phase = .idle
            tell(.denied(response))
            return
        }
        let closes = !exchange.keepsAlive || !exchange.progress.isRequestComplete || worker.isStopping
        outbound.clear(minimumCapacity: 512)
        if exchange.isGRPC, response.status >= 400 {
            response.writeForGRPC(to: &outbound, closes: closes)
        } else {
            response.write(to: &outbound, closes: closes, withoutBody: exchange.isToHead)
        }
        flushResponse()
        endExchange(status: response.status)
        go(on: exchange.progress.afterwards(closes: closes))
    }

    /// Leaves the queue, the attempt to connect or the server.
    func detach() {
        switch phase {
        case .held(let ticket): exchange?.share?.gate.cancel(ticket)
        case .authorizing, .connecting: attempt += 1
        case .forwarding(let upstream), .tunnel(let upstream): upstream.cancel()
        case .idle, .head, .selecting, .gathering, .lingering, .closed: break
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
        switch phase {
        case .forwarding(let upstream):
            let room = upstream.room
            upstream.cancel()
            cut(error, room: room)
        // What goes through a tunnel is not ours to add to.
        case .tunnel(let upstream):
            upstream.cancel()
            endExchange(status: 101)
            go(on: .linger)
        case .idle, .head, .selecting, .gathering, .authorizing, .held, .connecting, .lingering, .closed: break
        }
    }

    /// The server is going to stop, or the gateway is.
    ///
    /// - Parameter isMeant: Asked with the endpoint where the request has a place; `nil`: it waits for one.
    func cut(_ error: GatewayError, where isMeant: (EndpointLoad?) -> Bool) {
        switch phase {
        case .gathering, .held, .forwarding, .tunnel:
            guard isMeant(exchange?.endpoint?.load) else { return }
            answer(error)
            process()
        case .idle, .head, .selecting, .authorizing, .connecting, .lingering, .closed: break
        }
    }

    /// Ends a response that the client has part of so that it cannot be taken for complete.
    ///
    /// - Parameter room: What the server's framing still allows.
    func cut(_ error: GatewayError, room: BodyTracker.Room) {
        guard let exchange else { return }
        flushResponse()
        exchange.counters?.countCut()
        if exchange.isGRPC, room == .newChunk {
            endCall(error)
            return
        }
        let isBare = exchange.early.map { !$0.isChunked } ?? exchange.isUntilClose
        if exchange.isEventStream,
            let bytes = StreamCut.bytes(
                error, room: exchange.early?.room ?? (isBare ? .any : room), isBetweenEvents: exchange.isBetweenEvents)
        {
            write(ByteBuffer(bytes: bytes))
        }
        endCut(status: error.status, withReset: isBare)
    }

    /// gRPC's status says that the call has failed: its answer may end as HTTP's do.
    private func endCall(_ error: GatewayError) {
        write(ByteBuffer(string: GRPCStatus(error).chunkedEnd))
        flush()
        endExchange(status: error.status)
        go(on: .linger)
    }

    /// - Parameter withReset: Where the end of the connection is what ends the response, it must not look like one.
    func endCut(status: Int, withReset: Bool) {
        endExchange(status: status)
        phase = .lingering
        closeAfterWriting(withReset: withReset)
    }

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

    func abort() {
        if isShadow { leave() } else { context?.close(promise: nil) }
    }

    /// The gateway is stopping.
    func stopWhenIdle() {
        if case .idle = phase { abort() }
    }

    /// Something came, or went out.
    func touch() {
        guard let progress = exchange?.progress, let share = exchange?.share else { return }
        if progress.isResponseStarted {
            setDeadline(after: share.idleTimeout)
        } else if exchange?.isGRPC == true {
            // A caller may have nothing to say for long, and the server neither.
            setDeadline(after: max(share.firstByteTimeout, share.idleTimeout))
        } else if progress.isRequestComplete {
            setDeadline(after: exchange?.timeLimit ?? share.firstByteTimeout)
        } else {
            setDeadline(after: worker.limits.bodyIdle)
        }
        if let end = exchange?.endsAt, end < deadline { deadline = end }
    }

    func checkDeadline(at now: MonotonicTime) {
        guard now >= deadline else { return }
        deadline = .never
        switch phase {
        case .idle, .lingering: abort()
        case .head: reject(.slowRequest)
        case .selecting, .gathering: answer(.slowRequest)
        case .authorizing: answer(.undecided)
        case .held: goOnWaiting(at: now)
        case .forwarding:
            let error = timeout(at: now)
            if error == .noFirstByte { noteFailure() }
            answer(error)
        case .connecting, .tunnel, .closed: break
        }
        process()
    }

    private func timeout(at now: MonotonicTime) -> GatewayError {
        guard let exchange else { return .stalled }
        if now >= exchange.endsAt, let limit = exchange.timeLimit ?? exchange.share?.totalTimeout {
            return .overTime(limit)
        }
        let progress = exchange.progress
        if progress.isResponseStarted { return .stalled }
        return progress.isRequestComplete ? .noFirstByte : .slowRequest
    }
}

/// `struct linger`, with which a socket sends RST instead of FIN when it is closed.
private struct ResetOnClose: Sendable {
    var isOn: CInt = 1
    var seconds: CInt = 0
}
