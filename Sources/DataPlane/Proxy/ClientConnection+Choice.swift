import Activation
import HTTPFraming
import NIOCore
import Routing

// What the choice of a replica goes by: the prompt, the session, the priority.
extension ClientConnection {
    /// Whether there is a choice, and more of the request is needed for it.
    func mustChoose(at share: RevisionShare) -> Bool {
        guard let exchange else { return false }
        let hasRule = exchange.priority != nil || exchange.behaviour?.session != nil || share.session != nil
        return hasRule || exchange.hasPrompt && share.followsPrefixes && share.endpoints.count > 1
    }

    /// Reads on until the prompt is complete: a server cannot begin before that either.
    func gather(for share: RevisionShare) {
        readPreferences(share)
        let isGathering = exchange?.hasPrompt == true && share.followsPrefixes && share.endpoints.count > 1
        guard isGathering, exchange?.progress.isRequestComplete == false else {
            if isGathering { hashPrompt() }
            askForPlace(at: share)
            return
        }
        phase = .gathering
        setDeadline(after: worker.limits.bodyIdle)
    }

    /// - Returns: Whether there may be more to do.
    func gatherPrompt() -> Bool {
        guard let share = exchange?.share else { return false }
        do throws(FramingError) {
            request.writeImmutableBuffer(try takeBody())
        } catch {
            answer(GatewayError(error))
            return true
        }
        setDeadline(after: worker.limits.bodyIdle)
        guard exchange?.progress.isRequestComplete == true || request.readableBytes > worker.limits.modelScan else {
            return true
        }
        hashPrompt()
        phase = .head
        askForPlace(at: share)
        return true
    }

    private func hashPrompt() {
        guard let exchange else { return }
        var body = BodyTracker(exchange.requestFraming)
        var scanner = PromptScanner()
        let buffer = request
        let bytes = buffer.readableBytesUInt8Span
        guard exchange.headLength <= bytes.count else { return }
        do throws(FramingError) {
            let rest = bytes.extracting(exchange.headLength..<bytes.count)
            _ = try body.advance(over: rest) { scanner.scan(rest.extracting($0)) }
        } catch {
            return
        }
        self.exchange?.placement.blocks = scanner.blocks
    }

    private func readPreferences(_ share: RevisionShare) {
        guard let exchange else { return }
        switch exchange.priority {
        case .critical where share.trustsPriority: self.exchange?.placement.priority = .critical
        case .sheddable: self.exchange?.placement.priority = .sheddable
        default: break
        }
        guard let rule = exchange.behaviour?.session ?? share.session else { return }
        if case .address = rule.source {
            self.exchange?.placement.session = peer.hash
            return
        }
        let buffer = request
        let head = buffer.readableBytesUInt8Span.extracting(0..<min(exchange.headLength, buffer.readableBytes))
        guard let value = rule.value(in: head) else { return }
        if rule.isPinned {
            self.exchange?.placement.replica = Self.replica(value)
        } else {
            self.exchange?.placement.session = HeaderHash.of(value.span)
        }
    }

    /// Where the replica is that the client's session is with: a session outranks the weights.
    func pinnedTarget(_ table: RoutingTable, _ index: Int) -> Routing.Route.Target? {
        guard let rule = table.routes[index].behaviour?.session, rule.isPinned else { return nil }
        let buffer = request
        guard let replica = rule.value(in: buffer.readableBytesUInt8Span).flatMap(Self.replica) else { return nil }
        return table.routes[index].targets.first { target in
            guard let shares = exchange?.table.shares, shares.indices.contains(target.revision) else { return false }
            return shares[target.revision].endpoints.contains { $0.load.identity == replica }
        }
    }

    private static func replica(_ value: [UInt8]) -> UInt64? {
        UInt64(String(decoding: value, as: UTF8.self), radix: 16)
    }

    /// What tells the client which replica it is with, where it does not know yet.
    func sessionLine() -> [UInt8] {
        guard let rule = exchange?.behaviour?.session, rule.isPinned, let endpoint = exchange?.endpoint,
            exchange?.placement.replica != endpoint.load.identity
        else { return [] }
        return rule.line(replica: endpoint.load.identity)
    }
}

// What answers say of replicas.
extension ClientConnection {
    /// The replica failed: lost the connection, or did not begin to answer.
    func noteFailure() {
        guard let endpoint = exchange?.endpoint, let share = exchange?.share else { return }
        worker.noteFailure(of: endpoint.load, share)
    }

    /// - Parameter status: 502, 503 and 504 say that the replica is broken; 500 is the model's word on the request.
    func noteAnswer(_ status: Int) {
        if 502...504 ~= status { noteFailure() } else { exchange?.endpoint?.load.noteAnswer() }
    }

    /// Where the route says so, a bad answer is not passed on: the request waits a little, and is sent again, to whatever
    /// replica is best then.
    ///
    /// - Returns: Whether that is so here.
    func asksAgain(after status: Int) -> Bool {
        guard let exchange, let rule = exchange.behaviour?.retry, rule.codes.contains(status),
            exchange.retries < rule.attempts, exchange.early == nil, exchange.progress.isReplayable,
            exchange.progress.isRequestComplete, !isShadow, let share = exchange.share, case .forwarding = phase,
            share.retries.withdraw(at: worker.now)
        else { return false }
        detach()
        phase = .head
        releasePlace()
        self.exchange?.retries += 1
        self.exchange?.placement.replica = nil
        self.exchange?.placement.session = nil
        self.exchange?.progress.isSent = false
        exchange.counters?.countRetry()
        attempt += 1
        let current = attempt
        phase = .connecting
        deadline = .never
        worker.loop.assumeIsolated().scheduleTask(in: TimeAmount(rule.backoff)) {
            guard case .connecting = self.phase, self.attempt == current else { return }
            self.phase = .head
            self.askForPlace(at: share)
            self.process()
        }
        return true
    }
}
