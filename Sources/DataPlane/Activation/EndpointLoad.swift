import Synchronization

/// The requests in flight at one endpoint (a pod), counted over all event loops.
///
/// A request takes a place before it is sent and gives it back when it has ended. An endpoint is closed before its pod
/// stops: from then on no place can be taken, so that once `inFlight` is 0 it stays 0.
package final class EndpointLoad: Sendable {
    /// Bits 0 to 47: places taken. Bit 62: the routing table dropped it. Bit 63: its pod is going to stop.
    private let state = Atomic<UInt64>(0)
    private let ejectedUntil = Atomic<Int64>(.min)
    private let failures = Atomic<Int>(0)
    private let drainWatchers = Mutex<[@Sendable () -> Void]>([])

    private static let dropped: UInt64 = 1 << 62
    private static let retired: UInt64 = 1 << 63
    private static let closed = dropped | retired
    private static let count: UInt64 = (1 << 48) - 1

    package init() {}

    package var inFlight: Int { Int(state.load(ordering: .sequentiallyConsistent) & Self.count) }
    package var isClosed: Bool { state.load(ordering: .sequentiallyConsistent) & Self.closed != 0 }

    /// Takes a place, unless the endpoint is closed or has `limit` requests (0: no limit).
    package func acquire(limit: Int) -> Bool {
        var current = state.load(ordering: .relaxed)
        while true {
            guard current & Self.closed == 0, limit == 0 || Int(current & Self.count) < limit else { return false }
            let (exchanged, original) = state.weakCompareExchange(
                expected: current, desired: current + 1, ordering: .sequentiallyConsistent)
            if exchanged { return true }
            current = original
        }
    }

    /// Gives a place back.
    package func release() {
        let (_, new) = state.subtract(1, ordering: .sequentiallyConsistent)
        if new & Self.closed != 0, new & Self.count == 0 { notifyDrained() }
    }

    /// Whether the routing table has this endpoint.
    package func setListed(_ isListed: Bool) {
        if isListed {
            state.bitwiseAnd(~Self.dropped, ordering: .sequentiallyConsistent)
        } else {
            close(Self.dropped)
        }
    }

    /// The pod is going to stop: no request is sent to it any more, whatever a later table says.
    package func retire() { close(Self.retired) }

    private func close(_ bit: UInt64) {
        let (_, new) = state.bitwiseOr(bit, ordering: .sequentiallyConsistent)
        if new & Self.count == 0 { notifyDrained() }
    }

    /// Calls `body` once no request is in flight and none can come: at once where that is so already.
    package func whenDrained(_ body: @escaping @Sendable () -> Void) {
        drainWatchers.withLock { $0.append(body) }
        let now = state.load(ordering: .sequentiallyConsistent)
        if now & Self.closed != 0, now & Self.count == 0 { notifyDrained() }
    }

    private func notifyDrained() {
        let watchers = drainWatchers.withLock { watchers in
            defer { watchers = [] }
            return watchers
        }
        for watcher in watchers { watcher() }
    }
}

// An endpoint that cannot be reached is left out for a while: 50 ms, doubled each time, at most 1 s.
extension EndpointLoad {
    package func isEjected(at now: MonotonicTime) -> Bool {
        now.nanoseconds < ejectedUntil.load(ordering: .relaxed)
    }

    /// - Returns: When it may be tried again.
    package func eject(at now: MonotonicTime) -> MonotonicTime {
        let (earlier, _) = failures.add(1, ordering: .relaxed)
        let pause = min(Int64(1_000), 50 << Int64(min(earlier, 10))) * 1_000_000
        let until = now.advanced(byNanoseconds: pause)
        ejectedUntil.store(until.nanoseconds, ordering: .relaxed)
        return until
    }

    /// It answered.
    package func succeed() {
        guard failures.load(ordering: .relaxed) != 0 else { return }
        failures.store(0, ordering: .relaxed)
        ejectedUntil.store(.min, ordering: .relaxed)
    }
}
