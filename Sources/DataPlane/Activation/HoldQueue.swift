/// A place in a queue, by which it can be given up.
package struct HoldTicket: Sendable, Hashable {
    fileprivate let number: UInt64
}

/// First come, first served; anyone may leave from the middle. Leaving is a binary search, and the places left empty
/// are never more than those taken, give or take a few.
package struct HoldQueue<Waiter> {
    private struct Entry {
        let number: UInt64
        var waiter: Waiter?
    }

    private var entries: [Entry] = []
    private var head = 0
    private var nextNumber: UInt64 = 0
    package private(set) var count = 0

    package init() {}

    package var isEmpty: Bool { count == 0 }

    package mutating func append(_ waiter: Waiter) -> HoldTicket {
        let number = nextNumber
        nextNumber += 1
        entries.append(Entry(number: number, waiter: waiter))
        count += 1
        return HoldTicket(number: number)
    }

    package mutating func popFirst() -> Waiter? {
        while head < entries.count {
            let waiter = entries[head].waiter
            entries[head].waiter = nil
            head += 1
            if let waiter {
                count -= 1
                compactIfSparse()
                return waiter
            }
        }
        compactIfSparse()
        return nil
    }

    /// - Returns: The waiter, or `nil` where it has left already.
    @discardableResult
    package mutating func remove(_ ticket: HoldTicket) -> Waiter? {
        guard let index = index(of: ticket), let waiter = entries[index].waiter else { return nil }
        entries[index].waiter = nil
        count -= 1
        compactIfSparse()
        return waiter
    }

    private func index(of ticket: HoldTicket) -> Int? {
        var (low, high) = (head, entries.count)
        while low < high {
            let middle = (low + high) / 2
            if entries[middle].number < ticket.number { low = middle + 1 } else { high = middle }
        }
        return low < entries.count && entries[low].number == ticket.number ? low : nil
    }

    private mutating func compactIfSparse() {
        guard entries.count > 2 * count + 64 || count == 0 else { return }
        entries.removeAll(keepingCapacity: count == 0 && entries.count <= 64) { $0.waiter == nil }
        head = 0
    }
}

extension Array {
    fileprivate mutating func removeAll(keepingCapacity: Bool, where isGone: (Element) -> Bool) {
        if keepingCapacity { removeAll(keepingCapacity: true) } else { removeAll(where: isGone) }
    }
}
