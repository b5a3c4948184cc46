import Synchronization

/// A request that waits, as all event loops know it: where it is, and its number there.
package struct HeldRequest: Sendable, Hashable {
    package let loop: Int
    package let number: UInt64
}

/// Whose turn comes first among those who wait for one revision.
package enum RequestPriority: Int, Sendable, Hashable, CaseIterable {
    case critical, standard
    /// Is refused rather than kept waiting for replicas that are busy.
    case sheddable
}

/// The queue of one revision, for all event loops: one line for each caller, whatever loop its requests are on.
///
/// Only who waits, or gives a place to one who waits, takes its lock; `isEmpty` is one atomic load. Among priorities the
/// higher one goes first, but of every `share` turns one goes to a lower one that waits, so that none starves.
final class WaitingLine: Sendable {
    private struct Lines {
        var queues = RequestPriority.allCases.map { _ in HoldQueue<HeldRequest>() }
        var bytes = 0
        /// Turns since a lower priority had one.
        var passedOver = 0

        var count: Int { queues.reduce(0) { $0 + $1.count } }
    }

    struct Ticket: Sendable, Hashable {
        fileprivate let priority: RequestPriority
        fileprivate let place: QueueTicket
    }

    private let lines = Mutex(Lines())
    private let waiting = Atomic<Int>(0)
    private let heldBytes = Atomic<Int>(0)
    private let limits: QueueLimits

    static let share = 8

    init(limits: QueueLimits) { self.limits = limits }

    /// Sequentially consistent with the places of endpoints: who gives one back and then sees nobody here, and who comes
    /// here and then sees no free place, cannot both be.
    var count: Int { waiting.load(ordering: .sequentiallyConsistent) }
    var isEmpty: Bool { count == 0 }
    var bytes: Int { heldBytes.load(ordering: .relaxed) }

    /// - Returns: `nil` where the queue is full. The first in an empty queue may hold any number of bytes.
    func append(_ request: HeldRequest, from caller: Caller, _ priority: RequestPriority, bytes: Int) -> Ticket? {
        lines.withLock { lines in
            let count = lines.count
            guard count < limits.requests, count == 0 || lines.bytes + bytes <= limits.bytes else { return nil }
            return insert(bytes, in: &lines) {
                Ticket(
                    priority: priority,
                    place: $0.queues[priority.rawValue].append(request, from: caller, bytes: bytes))
            }
        }
    }

    /// The request had its turn and could not use it: it is the next one.
    func putBack(_ request: HeldRequest, from caller: Caller, _ priority: RequestPriority, bytes: Int) -> Ticket {
        lines.withLock { lines in
            insert(bytes, in: &lines) {
                Ticket(
                    priority: priority,
                    place: $0.queues[priority.rawValue].putBack(request, from: caller, bytes: bytes))
            }
        }
    }

    /// - Returns: Whose turn it is; `nil` where nobody waits.
    func popFirst() -> HeldRequest? {
        lines.withLock { lines in
            guard let level = Self.level(&lines), let left = lines.queues[level].popFirst() else { return nil }
            remove(left.bytes, from: &lines)
            return left.waiter
        }
    }

    /// - Returns: Whether it was still there.
    @discardableResult
    func remove(_ ticket: Ticket) -> Bool {
        lines.withLock { lines in
            guard let left = lines.queues[ticket.priority.rawValue].remove(ticket.place) else { return false }
            remove(left.bytes, from: &lines)
            return true
        }
    }

    private static func level(_ lines: inout Lines) -> Int? {
        guard let first = lines.queues.firstIndex(where: { !$0.isEmpty }) else { return nil }
        guard let lower = lines.queues.indices.last(where: { $0 > first && !lines.queues[$0].isEmpty }) else {
            lines.passedOver = 0
            return first
        }
        lines.passedOver += 1
        guard lines.passedOver >= share else { return first }
        lines.passedOver = 0
        return lower
    }

    private func insert(_ bytes: Int, in lines: inout Lines, _ body: (inout Lines) -> Ticket) -> Ticket {
        let ticket = body(&lines)
        lines.bytes += bytes
        note(lines)
        return ticket
    }

    private func remove(_ bytes: Int, from lines: inout Lines) {
        lines.bytes -= bytes
        note(lines)
    }

    private func note(_ lines: borrowing Lines) {
        waiting.store(lines.count, ordering: .sequentiallyConsistent)
        heldBytes.store(lines.bytes, ordering: .relaxed)
    }
}
