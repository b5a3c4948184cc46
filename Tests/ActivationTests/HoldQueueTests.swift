import Randomness
import Testing

@testable import Activation

struct HoldQueueTests {
    private let ann = Caller(hash: 1)
    private let bob = Caller(hash: 2)
    private let cid = Caller(hash: 3)

    @Test
    func `A caller's requests are served first come, first served, and each may leave`() {
        var queue = HoldQueue<Int>()
        let tickets = (0..<5).map { queue.append($0, from: ann) }
        #expect(queue.remove(tickets[0])?.waiter == 0)
        #expect(queue.remove(tickets[3])?.waiter == 3)
        #expect(queue.remove(tickets[3]) == nil, "it has left already")
        #expect(queue.count == 3)
        #expect(queue.popFirst()?.waiter == 1)
        #expect(queue.remove(tickets[1]) == nil, "it was served already")
        #expect(queue.popFirst()?.waiter == 2)
        #expect(queue.popFirst()?.waiter == 4)
        #expect(queue.popFirst() == nil)
        #expect(queue.isEmpty)
        #expect(queue.callers == 0)
    }

    @Test
    func `A ticket of an earlier time has no effect on who has the place now`() {
        var queue = HoldQueue<Int>()
        let old = queue.append(1, from: ann)
        #expect(queue.popFirst()?.waiter == 1)
        _ = queue.append(2, from: ann)
        #expect(queue.remove(old) == nil)
        #expect(queue.popFirst()?.waiter == 2)
    }

    @Test
    func `A caller with many requests does not delay the others`() {
        var queue = HoldQueue<String>()
        for number in 0..<1_000 { _ = queue.append("ann \(number)", from: ann) }
        _ = queue.append("bob 0", from: bob)
        _ = queue.append("cid 0", from: cid)
        _ = queue.append("bob 1", from: bob)
        let served = (0..<6).compactMap { _ in queue.popFirst()?.waiter }
        #expect(served == ["ann 0", "bob 0", "cid 0", "ann 1", "bob 1", "ann 2"])
    }

    @Test
    func `It tells what each held`() {
        var queue = HoldQueue<Int>()
        let ticket = queue.append(1, from: ann, bytes: 10)
        _ = queue.append(2, from: bob, bytes: 20)
        #expect(queue.remove(ticket)?.bytes == 10)
        #expect(queue.popFirst()?.bytes == 20)
    }

    /// As a list of lists does it.
    private struct Model {
        var lines: [(caller: Caller, waiters: [(ticket: QueueTicket, value: Int)])] = []

        var count: Int { lines.reduce(0) { $0 + $1.waiters.count } }

        mutating func append(_ value: Int, _ ticket: QueueTicket, from caller: Caller) {
            if let index = lines.firstIndex(where: { $0.caller == caller }) {
                lines[index].waiters.append((ticket, value))
            } else {
                lines.append((caller, [(ticket, value)]))
            }
        }

        mutating func popFirst() -> Int? {
            guard !lines.isEmpty else { return nil }
            var line = lines.removeFirst()
            let value = line.waiters.removeFirst().value
            if !line.waiters.isEmpty { lines.append(line) }
            return value
        }

        mutating func removeOne(_ random: inout SeededRandom) -> (ticket: QueueTicket, value: Int) {
            let line = random.below(lines.count)
            let entry = lines[line].waiters.remove(at: random.below(lines[line].waiters.count))
            if lines[line].waiters.isEmpty { lines.remove(at: line) }
            return entry
        }
    }

    @Test
    func `It does what a list of lists would do`() {
        var random = SeededRandom()
        let seed = random.seed
        var queue = HoldQueue<Int>()
        var model = Model()
        for step in 0..<FuzzRun.iterations(20_000) {
            switch random.below(5) {
            case 0, 1:
                let caller = Caller(hash: UInt64(random.below(6)))
                model.append(step, queue.append(step, from: caller), from: caller)
            case 2: #expect(queue.popFirst()?.waiter == model.popFirst(), "seed \(seed)")
            default:
                guard model.count > 0 else { continue }
                let entry = model.removeOne(&random)
                #expect(queue.remove(entry.ticket)?.waiter == entry.value, "seed \(seed)")
            }
            #expect(queue.count == model.count, "seed \(seed)")
            #expect(queue.callers == model.lines.count, "seed \(seed)")
        }
    }
}
