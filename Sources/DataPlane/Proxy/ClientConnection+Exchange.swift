import Activation
import HTTPFraming
import NIOCore
import Routing

// From the queue to a model server, and back into the queue.
extension ClientConnection {
    /// The request is counted at the revision from now on.
    func enter(_ share: RevisionShare) {
        if let most = share.maxRequests, share.load.read(at: worker.now).inFlight >= most, !isShadow {
            exchange?.counters = share.counters
            answer(.tooManyRequests(share.load.name, most: most))
            return
        }
        exchange?.share = share
        exchange?.counters = isShadow ? share.shadowCounters : share.counters
        share.meter.enter(at: worker.now)
        holdPrompt()
        if exchange?.behaviour?.retry != nil { share.retries.deposit() }
        if !isShadow, mustChoose(at: share) { gather(for: share) } else { askForPlace(at: share) }
    }

    func askForPlace(at share: RevisionShare) {
        guard !isShadow else {
            askForFreePlace(at: share)
            return
        }
        guard !share.isHopeless else {
            refuseToWait(for: share)
            return
        }
        let caller = exchange?.caller ?? peer
        let placement = exchange?.placement ?? Placement()
        switch share.gate.admit(self, from: caller, placement, bytes: bytesToHold, at: worker.now) {
        case .go(let endpoint): goAhead(to: share.endpoints[endpoint])
        case .hold(let ticket, let wakes):
            phase = .held(ticket)
            beginWaiting(isColdStart: share.endpoints.isEmpty)
            if wakes { worker.wake(share) }
            worker.letThrough(share)
        case .full: answer(.queueFull)
        case .shed: answer(.shed)
        }
    }

    /// What the request will hold while it waits: what is here, and what is read ahead.
    private var bytesToHold: Int {
        let isComplete = exchange?.progress.isRequestComplete ?? true
        return request.readableBytes + (isComplete ? 0 : max(inbound.readableBytes, worker.limits.readAhead))
    }

    /// A place at the endpoint was taken for this request.
    func goAhead(to endpoint: EndpointShare) {
        exchange?.endpoint = endpoint
        exchange?.servedBy = endpoint
        connect(to: endpoint, isFresh: false)
    }

    private func connect(to endpoint: EndpointShare, isFresh: Bool) {
        let target = endpoint.target(forGRPC: exchange?.isGRPC ?? false)
        while !isFresh, let upstream = target.pool.take(at: worker.now) {
            guard upstream.isOpen else { continue }
            upstream.isReused = true
            forward(on: upstream)
            return
        }
        phase = .connecting
        deadline = .never
        attempt += 1
        let current = attempt
        let upstream = UpstreamConnection(target: target, limits: worker.limits.head)
        worker.connector.connect(
            upstream, to: target, on: worker.loop, timeout: TimeAmount(worker.limits.connect)
        ).assumeIsolated().whenComplete { result in
            self.connected(upstream, to: endpoint, attempt: current, result)
        }
    }

    private func connected(
        _ upstream: UpstreamConnection, to endpoint: EndpointShare, attempt: Int, _ result: Result<Void, any Error>
    ) {
        let isWanted = if case .connecting = phase { attempt == self.attempt } else { false }
        switch result {
        case .success where isWanted && upstream.isOpen:
            endpoint.load.succeed()
            forward(on: upstream)
        case _ where isWanted: connectFailed(endpoint)
        // The client has gone meanwhile: the next one can use the connection.
        case .success: worker.keep(upstream, of: endpoint)
        case .failure: break
        }
    }

    /// The pod has gone and the table does not say so yet, or it does not listen: the endpoint is left out for a moment,
    /// and the request waits for it or another one.
    private func connectFailed(_ endpoint: EndpointShare) {
        guard let share = exchange?.share else { return }
        let now = worker.now
        worker.letThrough(share, at: endpoint.load.eject(at: now))
        releasePlace()
        phase = .head
        let first = exchange?.firstFailure ?? now
        exchange?.firstFailure = first
        if now > first.advanced(by: worker.limits.unreachable) {
            answer(.unreachable)
        } else {
            askForPlace(at: share)
        }
        process()
    }

    private func forward(on upstream: UpstreamConnection) {
        noteWait()
        phase = .forwarding(upstream)
        let now = worker.now
        exchange?.sentAt = now
        if let limit = exchange?.timeLimit ?? exchange?.share?.totalTimeout, exchange?.endsAt == .never {
            exchange?.endsAt = now.advanced(by: limit)
        }
        // A stream may be lost with an open connection again and again; a connection of its own only once.
        let replays = exchange?.progress.replays ?? 0
        exchange?.progress.isReused = upstream.isReused && replays < 3
        exchange?.progress.isSent = true
        upstream.begin(
            for: self, isToHead: exchange?.isToHead ?? false,
            removesChunks: exchange?.isVersion10 == true || exchange?.early != nil)
        do throws(FramingError) {
            try absorbBody()
        } catch {
            answer(GatewayError(error))
            return
        }
        beginCapture()
        upstream.write(request)
        touch()
        process()
        upstream.flush()
        copyToShadow()
    }

    private func noteWait() {
        guard let since = exchange?.waitedSince, exchange?.waited == nil else { return }
        let now = worker.now
        exchange?.waited = .nanoseconds(now.nanoseconds - since.nanoseconds)
        exchange?.counters?.wait.record(from: since, to: now)
    }

    /// The server's connection ended before the response did.
    func upstreamLost(hasAnswered: Bool, room: BodyTracker.Room) {
        guard case .forwarding = phase, let endpoint = exchange?.endpoint, let share = exchange?.share,
            let recovery = exchange?.progress.recovery(hasAnswered: hasAnswered)
        else { return }
        if recovery != .reconnect { noteFailure() }
        switch recovery {
        case .reconnect:
            noteReplay(share)
            connect(to: endpoint, isFresh: true)
        case .requeue:
            noteReplay(share)
            worker.letThrough(share, at: endpoint.load.eject(at: worker.now))
            releasePlace()
            askForPlace(at: share)
        case .fail: answer(.lost)
        case .cut: cut(.cut, room: room)
        }
        process()
    }

    private func noteReplay(_ share: RevisionShare) {
        exchange?.progress.isSent = false
        exchange?.progress.replays += 1
        exchange?.counters?.countRetry()
        phase = .head
    }

    func releasePlace() {
        guard let endpoint = exchange?.endpoint, let share = exchange?.share else { return }
        exchange?.endpoint = nil
        worker.release(endpoint.load, of: share)
    }

    /// The request is not the revision's any more, and not counted there as ended either.
    func leaveShare() {
        releasePlace()
        dropTokens()
        exchange?.share?.meter.leave(at: worker.now)
        exchange?.share = nil
    }

    /// Ends the request in all counts.
    ///
    /// - Parameter status: 499: the client went away.
    func endExchange(status: Int) {
        guard let ended = exchange else { return }
        releasePlace()
        dropTokens()
        exchange = nil
        defer { if isShadow { endShadow() } }
        forgetLargeBuffers()
        settle(ended)
        guard check == nil else { return }
        let counters = ended.counters ?? worker.counters
        counters.count(status: status)
        let now = worker.now
        counters.duration.record(from: ended.began, to: now)
        if let generation = ended.generation { counters.count(ended.answer.counts, from: generation, to: now) }
        if let interval = ended.tokenInterval(to: now) { counters.betweenTokens.record(nanoseconds: interval) }
        ended.share?.meter.leave(at: now)
        writeLog(of: ended, status: status, at: now)
        leaveTrail(of: ended, status: status, at: now)
    }

    private func writeLog(of ended: Exchange, status: Int, at now: MonotonicTime) {
        guard let log = ended.log, let share = ended.share else { return }
        let nanoseconds = Double(now.nanoseconds - ended.began.nanoseconds)
        worker.requestLog?.write(
            log.line(
                status: status, size: ended.size, seconds: nanoseconds / 1e9, revision: share.revision,
                endpoint: ended.endpoint?.endpoint))
    }
}

extension ClientConnection {
    /// An idle connection keeps only what most requests need.
    private func forgetLargeBuffers() {
        if request.capacity > 4_096 { request = ByteBuffer() }
        selected = ByteBuffer()
        if outbound.capacity > 4_096, outbound.readableBytes == 0 { outbound = ByteBuffer() }
    }
}

extension Worker {
    /// Puts a connection into the pool of its endpoint, if that is still in use.
    func keep(_ upstream: UpstreamConnection, of endpoint: EndpointShare) {
        guard upstream.isOpen, !endpoint.load.isClosed, !isStopping, upstream.target.pool.put(upstream, at: now) else {
            upstream.cancel()
            return
        }
    }
}
