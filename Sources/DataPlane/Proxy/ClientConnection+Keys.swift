import Authorization
import HTTPFraming
import KubeModel
import NIOCore

// Requests that come with an API key: each reserves of the key's budget what it may take, and settles what it took.
extension ClientConnection {
    /// - Returns: Whether the key's budget has room for the request, which is answered otherwise.
    func reserve(_ key: ModelKey) throws(FramingError) -> Bool {
        let now = worker.wallClock()
        switch key.budget.reserve(tokenEstimate, at: now) {
        case .admitted(let reservation):
            key.noteUse(at: now)
            exchange?.grant = key.grant
            exchange?.key = key
            exchange?.reservation = reservation
            return true
        case .exceeded(let exceeded):
            let denial = Denial.exceeded(exceeded, of: key, at: now)
            exchange?.grant = key.grant
            log(denied: denial)
            try refuse(denial, isByModel: true)
            return false
        }
    }

    /// Tokens that the request may take: a quarter of the bytes that are here of its body, and what it allows its answer.
    private var tokenEstimate: Int {
        let (head, rest) = (selected, inbound)
        let limit =
            GenerationLimit.find(in: head.readableBytesUInt8Span)
            ?? GenerationLimit.find(in: rest.readableBytesUInt8Span)
        return (head.readableBytes + rest.readableBytes) / 4 + (limit ?? 0)
    }

    /// What a request with a key used becomes part of the key's counts.
    func settle(_ ended: Exchange) {
        guard let key = ended.key, let reservation = ended.reservation else { return }
        let counts = ended.answer.counts
        let isCounted = counts.prompt != nil || counts.completion != nil
        // What no server counted costs what was reserved, if it was answered at all.
        let uncounted = ended.isSuccess ? reservation.tokens : 0
        let used = isCounted ? (counts.prompt ?? 0) + (counts.completion ?? 0) : uncounted
        key.budget.settle(reservation, used: used, at: worker.wallClock())
    }

    /// The key was revoked.
    func cut(_ key: ModelKey) {
        guard exchange?.key?.name == key.name else { return }
        answer(.keyRevoked)
        process()
    }
}

extension Worker {
    func apply(_ change: KeyChange) {
        loop.assertInEventLoop()
        access.apply(change)
        guard case .removed(let key) = change, key.cutsStreams else { return }
        for slot in connections.indices.reversed() where slot < connections.count { connections[slot].cut(key) }
    }
}
