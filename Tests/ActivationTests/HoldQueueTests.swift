import Testing

@testable import Activation

struct HoldQueueTests {
    @Test
    func `First come, first served, and anyone may leave`() {
        var queue = HoldQueue<Int>()
        let tickets = (0..<5).map { queue.append($0) }
        #expect(queue.remove(tickets[0]) == 0)
        #expect(queue.remove(tickets[3]) == 3)
        #expect(queue.remove(tickets[3]) == nil, "it has left already")
        #expect(queue.count == 3)
        #expect(queue.popFirst() == 1)
        #expect(queue.remove(tickets[1]) == nil, "it was served already")
        #expect(queue.popFirst() == 2)
        #expect(queue.popFirst() == 4)
        #expect(queue.popFirst() == nil)
        #expect(queue.isEmpty)
    }

    @Test
    func `It does what a list would do`() {
        var random = SystemRandomNumberGenerator()
        let seed = random.next() % 1_000_000
        var state = seed
        func next(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int((state >> 33) % UInt64(bound))
        }
        var queue = HoldQueue<Int>()
        var model: [(ticket: HoldTicket, value: Int)] = []
        for step in 0..<20_000 {
            switch next(5) {
            case 0, 1: model.append((queue.append(step), step))
            case 2: #expect(queue.popFirst() == (model.isEmpty ? nil : model.removeFirst().value), "seed \(seed)")
            default:
                guard !model.isEmpty else { continue }
                let entry = model.remove(at: next(model.count))
                #expect(queue.remove(entry.ticket) == entry.value, "seed \(seed)")
            }
            #expect(queue.count == model.count, "seed \(seed)")
        }
    }
}
