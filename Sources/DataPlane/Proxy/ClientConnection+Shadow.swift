import Activation
import HTTPFraming
import NIOCore
import Routing

// Shadow traffic: a share of the requests is sent to another revision as well, and its answers are read and thrown away.
//
// A copy is a ClientConnection without a client: it takes a place at an endpoint, is forwarded, measured and timed as any
// request, and what is written to it goes nowhere. It never waits and never wakes: where the shadow has no free place, or
// enough copies are under way, it is dropped. The caller's request knows nothing of it.
extension ClientConnection {
    /// The request has just been sent to its own server.
    func copyToShadow() {
        guard let exchange, !exchange.shadows.isEmpty else { return }
        self.exchange?.shadows = []
        guard exchange.progress.isRequestComplete, exchange.progress.isReplayable, !exchange.upgrades else { return }
        for shadow in exchange.shadows where worker.isShadowed(shadow) { copy(exchange, to: shadow) }
    }

    private func copy(_ exchange: Exchange, to shadow: Routing.Route.Shadow) {
        guard exchange.table.shares.indices.contains(shadow.revision) else { return }
        let share = exchange.table.shares[shadow.revision]
        guard worker.shadows < worker.limits.shadows else {
            share.shadowCounters.countDrop()
            return
        }
        ClientConnection(worker: worker, copying: request, isToHead: exchange.isToHead, table: exchange.table).send(
            to: share)
    }

    private convenience init(worker: Worker, copying request: ByteBuffer, isToHead: Bool, table: WorkerTable) {
        self.init(worker: worker, address: "shadow", isShadow: true)
        self.request = request
        var head = RequestHead()
        if isToHead { head.method = .head }
        exchange = Exchange(head, table: table, at: worker.now)
    }

    private func send(to share: RevisionShare) {
        worker.shadows += 1
        worker.add(self)
        phase = .head
        enter(share)
    }

    /// In place of waiting.
    func askForFreePlace(at share: RevisionShare) {
        if let endpoint = share.gate.takeFreePlace(at: worker.now) {
            goAhead(to: share.endpoints[endpoint])
        } else {
            share.shadowCounters.countDrop()
            share.meter.leave(at: worker.now)
            exchange = nil
            endShadow()
        }
    }

    /// Nothing is left of it.
    func endShadow() {
        guard isShadow, slot >= 0 else { return }
        worker.remove(self)
        slot = -1
        if check == nil { worker.shadows -= 1 }
    }
}

extension Worker {
    /// Whether the next request is among those that are copied, which are evenly spread.
    func isShadowed(_ shadow: Route.Shadow) -> Bool {
        shadowTurn &+= 1
        return Int((UInt64(shadowTurn &* 0x9E37_79B9) * UInt64(max(1, shadow.count))) >> 32) < shadow.share
    }
}
