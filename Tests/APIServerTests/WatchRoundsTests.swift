import NIOCore
import NIOEmbedded
import Synchronization
import Testing

@testable import APIServer

@Suite("Rounds of watches")
struct WatchRoundsTests {
    /// A loop whose time passes as its watchers take it.
    private final class Time: Sendable {
        let now = Mutex(NIODeadline.uptimeNanoseconds(0))
        let calls = Mutex<[String]>([])

        func pass(_ amount: TimeAmount) { now.withLock { $0 = $0 + amount } }

        func watcher(_ name: String, takes amount: TimeAmount = .zero) -> @Sendable () -> Void {
            {
                self.calls.withLock { $0.append(name) }
                self.pass(amount)
            }
        }
    }

    private let loop = EmbeddedEventLoop()
    private let time = Time()
    private var rounds: WatchRounds { WatchRounds(loop) { [time] in time.now.withLock { $0 } } }

    /// The loop's own clock follows.
    private func pass(_ amount: TimeAmount) {
        time.pass(amount)
        loop.advanceTime(by: amount)
    }

    @Test("All that have something are served in one round, in the order of their events")
    func oneRound() {
        let rounds = rounds
        for name in ["a", "b", "c"] { rounds.add(time.watcher(name)) }
        #expect(time.calls.withLock { $0 }.isEmpty)
        loop.run()
        #expect(time.calls.withLock { $0 } == ["a", "b", "c"])
    }

    @Test("A short round is followed at once")
    func short() {
        let rounds = rounds
        rounds.add(time.watcher("a", takes: .microseconds(900)))
        loop.run()
        rounds.add(time.watcher("a"))
        loop.run()
        #expect(time.calls.withLock { $0.count } == 2)
    }

    @Test(
        "After a long round the loop has as much time for others, up to a limit",
        arguments: [
            (TimeAmount.milliseconds(10), TimeAmount.milliseconds(10)), (.milliseconds(300), .milliseconds(50)),
        ])
    func long(takes: TimeAmount, pause: TimeAmount) {
        let rounds = rounds
        rounds.add(time.watcher("a", takes: takes))
        loop.run()
        loop.advanceTime(by: takes)
        rounds.add(time.watcher("b"))
        loop.run()
        #expect(time.calls.withLock { $0 } == ["a"])
        pass(pause - .milliseconds(1))
        rounds.add(time.watcher("c"))
        loop.run()
        #expect(time.calls.withLock { $0 } == ["a"])
        pass(.milliseconds(1))
        #expect(time.calls.withLock { $0 } == ["a", "b", "c"])
    }

    @Test("Who gets something while a round runs is served in the next")
    func again() {
        let rounds = rounds
        rounds.add { [time] in rounds.add(time.watcher("later")) }
        loop.run()
        #expect(time.calls.withLock { $0 } == ["later"])
    }
}
