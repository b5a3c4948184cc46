import Randomness
import Testing

@testable import KubeController

@Suite("A queue of keys")
struct KeyQueueTests {
    private func drain(_ queue: inout KeyQueue<String>) -> [String] {
        var keys: [String] = []
        while let key = queue.take() { keys.append(key) }
        return keys
    }

    @Test("holds a key once, however often it is added, and hands keys out in order")
    func dedup() {
        var queue = KeyQueue<String>()
        let isLonger = ["a", "a", "b"].map { queue.add($0) }
        #expect(isLonger == [true, false, true])
        #expect(drain(&queue) == ["a", "b"])
    }

    @Test("keeps a key that is added while it runs until the worker is done")
    func again() {
        var queue = KeyQueue<String>()
        _ = queue.add("a")
        #expect(drain(&queue) == ["a"])
        let whileRunning = queue.add("a")
        #expect(!whileRunning)
        #expect(drain(&queue).isEmpty)
        let isBack = queue.finish("a")
        #expect(isBack)
        #expect(drain(&queue) == ["a"])
        let isBackAgain = queue.finish("a")
        #expect(!isBackAgain)
        #expect(queue.isIdle)
    }

    @Test("lets the earlier of two delays win")
    func delays() {
        var queue = KeyQueue<String>()
        let counts = [5, 9, 2].map { queue.delay("a", until: .seconds($0)) }
        #expect(counts == [true, false, true])
        let passed = [2, 5].map { queue.elapse("a", .seconds($0)) }
        #expect(passed == [true, false])
        #expect(drain(&queue) == ["a"])
    }

    @Test("counts failures in a row, for each key by itself")
    func failures() {
        var queue = KeyQueue<String>()
        let counts = ["a", "a", "b"].map { queue.fail($0) }
        #expect(counts == [1, 2, 1])
        queue.succeed("a")
        let first = queue.fail("a")
        #expect(first == 1)
    }

    @Test("never loses work and never has a key in two hands", arguments: 0..<20)
    func model(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        var queue = KeyQueue<Int>()
        // What must still be worked on: a key is owed from each add until a take after it.
        var owed: Set<Int> = []
        var running: Set<Int> = []
        for _ in 0..<2_000 {
            let key = Int.random(in: 0..<6, using: &random)
            switch Int.random(in: 0..<3, using: &random) {
            case 0:
                _ = queue.add(key)
                owed.insert(key)
            case 1:
                if let taken = queue.take() {
                    #expect(running.insert(taken).inserted, "seed \(seed)")
                    #expect(owed.remove(taken) != nil, "seed \(seed)")
                } else {
                    #expect(owed.isSubset(of: running), "seed \(seed)")
                }
            default:
                if running.remove(key) != nil { _ = queue.finish(key) }
            }
        }
    }
}
