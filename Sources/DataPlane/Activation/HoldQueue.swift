/// Who a request is from, as far as fairness goes: a hash of what it identifies itself with.
package struct Caller: Sendable, Hashable {
    package let hash: UInt64

    package init(hash: UInt64) { self.hash = hash }
}

/// A place in a queue, by which it can be given up.
package struct QueueTicket: Sendable, Hashable {
    fileprivate let slot: Int
    fileprivate let number: UInt64
}

/// Who waits, fair between callers: each caller has a line of its own, first come, first served, and the lines are
/// served in turn. A caller that sends a thousand requests delays another one by one request, not by a thousand.
///
/// Everything is done in constant time; anyone may leave from the middle, and leaves nothing behind.
package struct HoldQueue<Waiter> {
    private struct Place {
        var number: UInt64
        var waiter: Waiter?
        var bytes: Int
        var line: Int
        var previous = -1
        var next = -1
    }

    private struct Line {
        var caller: Caller
        var first = -1
        var last = -1
        var previous = -1
        var next = -1
    }

    /// One that waits no more, and what it held.
    package struct Left {
        package let waiter: Waiter
        package let bytes: Int
    }

    private var places: [Place] = []
    private var freePlaces: [Int] = []
    private var lines: [Line] = []
    private var freeLines: [Int] = []
    private var lineByCaller: [Caller: Int] = [:]
    /// The line that is served next; the lines form a ring.
    private var turn = -1
    private var nextNumber: UInt64 = 0
    package private(set) var count = 0

    package init() {}

    package var isEmpty: Bool { count == 0 }
    /// Callers that wait.
    package var callers: Int { lineByCaller.count }

    /// - Parameter bytes: What the waiter holds in memory, to be told again when it leaves.
    package mutating func append(_ waiter: Waiter, from caller: Caller, bytes: Int = 0) -> QueueTicket {
        let line = lineByCaller[caller] ?? openLine(caller)
        let number = takeNumber()
        let last = lines[line].last
        let place = Place(number: number, waiter: waiter, bytes: bytes, line: line, previous: last)
        let slot = Self.store(place, in: &places, free: &freePlaces)
        if last >= 0 { places[last].next = slot } else { lines[line].first = slot }
        lines[line].last = slot
        count += 1
        return QueueTicket(slot: slot, number: number)
    }

    /// Puts one back that had its turn and could not use it: it is the next one.
    package mutating func putBack(_ waiter: Waiter, from caller: Caller, bytes: Int = 0) -> QueueTicket {
        let line = lineByCaller[caller] ?? openLine(caller)
        let number = takeNumber()
        let first = lines[line].first
        let place = Place(number: number, waiter: waiter, bytes: bytes, line: line, next: first)
        let slot = Self.store(place, in: &places, free: &freePlaces)
        if first >= 0 { places[first].previous = slot } else { lines[line].last = slot }
        lines[line].first = slot
        count += 1
        turn = line
        return QueueTicket(slot: slot, number: number)
    }

    private mutating func takeNumber() -> UInt64 {
        defer { nextNumber += 1 }
        return nextNumber
    }

    /// The first of the line whose turn it is; the turn goes on.
    package mutating func popFirst() -> Left? {
        guard turn >= 0 else { return nil }
        let line = turn
        turn = lines[line].next
        return take(lines[line].first)
    }

    /// - Returns: The waiter, or `nil` where it has left already.
    @discardableResult
    package mutating func remove(_ ticket: QueueTicket) -> Left? {
        guard places.indices.contains(ticket.slot), places[ticket.slot].number == ticket.number else { return nil }
        return take(ticket.slot)
    }

    private mutating func take(_ slot: Int) -> Left? {
        guard let waiter = places[slot].waiter else { return nil }
        let place = places[slot]
        if place.previous >= 0 {
            places[place.previous].next = place.next
        } else {
            lines[place.line].first = place.next
        }
        if place.next >= 0 {
            places[place.next].previous = place.previous
        } else {
            lines[place.line].last = place.previous
        }
        places[slot].waiter = nil
        freePlaces.append(slot)
        count -= 1
        if lines[place.line].first < 0 { closeLine(place.line) }
        if count == 0 { forget() }
        return Left(waiter: waiter, bytes: place.bytes)
    }

    private static func store<Element>(_ element: Element, in all: inout [Element], free: inout [Int]) -> Int {
        if let slot = free.popLast() {
            all[slot] = element
            return slot
        }
        all.append(element)
        return all.count - 1
    }
}

// The ring of lines.
extension HoldQueue {
    /// A new caller is served after all others had their turn.
    private mutating func openLine(_ caller: Caller) -> Int {
        let line = Self.store(Line(caller: caller), in: &lines, free: &freeLines)
        lineByCaller[caller] = line
        if turn < 0 {
            (lines[line].previous, lines[line].next, turn) = (line, line, line)
        } else {
            let last = lines[turn].previous
            (lines[line].previous, lines[line].next) = (last, turn)
            lines[last].next = line
            lines[turn].previous = line
        }
        return line
    }

    private mutating func closeLine(_ line: Int) {
        let (previous, next) = (lines[line].previous, lines[line].next)
        lines[previous].next = next
        lines[next].previous = previous
        if turn == line { turn = next == line ? -1 : next }
        lineByCaller[lines[line].caller] = nil
        freeLines.append(line)
    }

    /// A queue that was long once does not keep its memory. Numbers go on, so that old tickets stay without effect.
    private mutating func forget() {
        let keeps = places.count <= 64
        places.removeAll(keepingCapacity: keeps)
        freePlaces.removeAll(keepingCapacity: keeps)
        lines.removeAll(keepingCapacity: keeps)
        freeLines.removeAll(keepingCapacity: keeps)
        turn = -1
    }
}
