import Activation
import NIOCore

// Deadlines are looked at a few times a second, for all connections at once: a timer for each request would cost more
// than all else that a gateway does with time.
extension Worker {
    func add(_ connection: ClientConnection) {
        connection.slot = connections.count
        connections.append(connection)
        startTicking()
    }

    func remove(_ connection: ClientConnection) {
        guard connections.indices.contains(connection.slot), connections[connection.slot] === connection else { return }
        let last = connections.removeLast()
        if last !== connection {
            last.slot = connection.slot
            connections[last.slot] = last
        }
        if connections.isEmpty { whenEmpty?.succeed() }
    }

    func add(_ session: ServerSession) {
        sessions[ObjectIdentifier(session)] = session
        startTicking()
    }

    func remove(_ session: ServerSession) { sessions[ObjectIdentifier(session)] = nil }

    private func startTicking() {
        guard !isTicking else { return }
        isTicking = true
        scheduleTick()
    }

    private func scheduleTick() {
        loop.assumeIsolated().scheduleTask(in: TimeAmount(limits.tick)) { self.tick() }
    }

    private func tick() {
        let now = now
        // From the end: a connection that closes gives its slot to the last one.
        for slot in connections.indices.reversed() where slot < connections.count {
            connections[slot].checkDeadline(at: now)
        }
        for session in sessions.values { session.checkDeadline(at: now) }
        expireIdleUpstreams(at: now)
        for share in table.shares where share.gate.waiting > 0 {
            if share.endpoints.isEmpty { wake(share) } else { letThrough(share) }
        }
        isTicking = !connections.isEmpty || !sessions.isEmpty || hasIdleUpstreams
        if isTicking { scheduleTick() }
    }

    /// Ends the connections that have no request, and the others after theirs.
    ///
    /// - Returns: Completed when none is left.
    func stop() -> EventLoopFuture<Void> {
        isStopping = true
        let promise = whenEmpty ?? loop.makePromise(of: Void.self)
        whenEmpty = promise
        for session in sessions.values { session.leave() }
        for connection in connections { connection.stopWhenIdle() }
        if connections.isEmpty { promise.succeed() }
        return promise.futureResult
    }

    /// Ends what is under way to these endpoints so that the clients see that it is not complete.
    func cut(_ loads: [EndpointLoad]) {
        for slot in connections.indices.reversed() where slot < connections.count {
            connections[slot].cut(.replicaStopped) { endpoint in loads.contains { $0 === endpoint } }
        }
    }

    /// The same for all that is under way, or waits.
    func cutAll() {
        for slot in connections.indices.reversed() where slot < connections.count {
            connections[slot].cut(.shuttingDown) { _ in true }
        }
    }

    /// Ends all connections at once.
    func abort() {
        for connection in connections { connection.abort() }
        expireIdleUpstreams(at: .never)
        peers = []
    }
}

extension TimeAmount {
    init(_ duration: Duration) { self = .nanoseconds(duration.nanoseconds) }
}
