import Testing

@testable import KubeController

@Suite("A work queue")
struct WorkQueueTests {
    private let time = ManualTime()

    @Test("gives an added key to the worker that waits for it")
    func handsOver() async {
        let queue = WorkQueue<String>(time: time)
        async let key = queue.next()
        queue.add("a")
        #expect(await key == "a")
    }

    @Test("gives each worker another key")
    func spreads() async {
        let queue = WorkQueue<Int>(time: time)
        for key in 0..<100 { queue.add(key) }
        let keys = await withTaskGroup(of: Int?.self) { group in
            for _ in 0..<100 { group.addTask { await queue.next() } }
            return await group.reduce(into: Set<Int>()) { keys, key in key.map { _ = keys.insert($0) } }
        }
        #expect(keys == Set(0..<100))
    }

    @Test("lets waiting workers go when it shuts down, and those that come later")
    func shutDown() async {
        let queue = WorkQueue<String>(time: time)
        async let first = queue.next()
        queue.shutDown()
        #expect(await first == nil)
        #expect(await queue.next() == nil)
    }

    @Test("lets a cancelled worker go without losing a key")
    func cancel() async {
        let queue = WorkQueue<String>(time: time)
        let worker = Task { await queue.next() }
        worker.cancel()
        #expect(await worker.value == nil)
        queue.add("a")
        #expect(await queue.next() == "a")
    }

    @Test("adds a delayed key when its moment has come, not before")
    func delay() async throws {
        let queue = WorkQueue<String>(time: time)
        let running = Task { await queue.run() }
        queue.add("later", after: .seconds(5))
        try await eventually { time.sleeperCount == 1 }
        time.advance(by: .seconds(4))
        #expect(queue.count == 0)
        time.advance(by: .seconds(1))
        #expect(await queue.next() == "later")
        queue.shutDown()
        await running.value
    }

    @Test("tries again after 5 ms, then twice as long each time, up to 1000 s")
    func backOff() {
        let queue = WorkQueue<String>(time: time, random: { 0 })
        let delays = (0..<20).map { _ in queue.retry("a") }
        #expect(delays.prefix(4) == [.milliseconds(5), .milliseconds(10), .milliseconds(20), .milliseconds(40)])
        #expect(delays.last == .seconds(1000))
        queue.forget("a")
        #expect(queue.retry("a") == .milliseconds(5))
    }

    @Test("adds jitter in proportion", arguments: [(0.0, 100), (0.5, 105), (0.99999, 110)])
    func jitter(random: Double, milliseconds: Int) {
        let backOff = BackOff(first: .milliseconds(100), longest: .seconds(1), jitter: 0.1)
        let delay = backOff.delay(afterFailures: 1, random: random)
        #expect(abs((delay - .milliseconds(milliseconds)) / .milliseconds(1)) < 0.01)
    }
}

struct Timeout: Error {}

/// Waits for what other tasks bring about; gives up after ten seconds of the machine's time.
func eventually(_ condition: () async -> Bool) async throws {
    let deadline = ContinuousClock.now + .seconds(10)
    while await !condition() {
        if ContinuousClock.now > deadline { throw Timeout() }
        await Task.yield()
    }
}
