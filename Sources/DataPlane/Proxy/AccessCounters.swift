import Synchronization

/// One event loop's counts of what was decided about callers of protected services. Only that loop writes; any thread reads.
final class AccessCounters: Sendable {
    private let allowed = Atomic(0)
    private let unauthenticated = Atomic(0)
    private let forbidden = Atomic(0)
    private let exceeded = Atomic(0)
    private let undecided = Atomic(0)

    /// - Parameter status: of the denial; 200: the caller was let in.
    func count(_ status: Int) {
        switch status {
        case 200: Self.increment(allowed)
        case 401: Self.increment(unauthenticated)
        case 429: Self.increment(exceeded)
        case 500...: Self.increment(undecided)
        default: Self.increment(forbidden)
        }
    }

    private static func increment(_ counter: borrowing Atomic<Int>) {
        counter.store(counter.load(ordering: .relaxed) &+ 1, ordering: .relaxed)
    }

    /// By gRPC's names of statuses, as Authorino has them.
    func read() -> [String: Int] {
        [
            "OK": allowed.load(ordering: .relaxed), "UNAUTHENTICATED": unauthenticated.load(ordering: .relaxed),
            "PERMISSION_DENIED": forbidden.load(ordering: .relaxed),
            "RESOURCE_EXHAUSTED": exceeded.load(ordering: .relaxed),
            "UNAVAILABLE": undecided.load(ordering: .relaxed),
        ]
    }
}

extension Gateway {
    /// What was decided about callers of protected services since the start, by gRPC's names of statuses.
    package var accessDecisions: [String: Int] {
        workers.reduce(into: [:]) { $0.merge($1.accessCounters.read(), uniquingKeysWith: +) }
    }
}
