import KubeModel
import Logging
import Synchronization
import Testing

@testable import KubeController

@Suite("A controller")
struct ControllerTests {
    private let time = ManualTime()

    private func controller(
        workers: Int = 2, _ reconcile: @escaping Controller.Reconcile
    ) -> Controller {
        Controller(
            "test", workers: workers, time: time, random: { 0 },
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
            reconcile: reconcile)
    }

    @Test("tries what failed again, later each time, and starts anew after a success")
    func retries() async throws {
        let calls = Mutex(0)
        let controller = controller { _ in
            let call = calls.withLock { calls in
                calls += 1
                return calls
            }
            if call < 3 { throw Status.internalError("not yet") }
            return .done
        }
        let running = Task { await controller.run() }
        controller.queue.add(key("a"))
        try await eventually { time.nextMoment == .milliseconds(5) }
        time.advance(by: .milliseconds(5))
        try await eventually { time.nextMoment == .milliseconds(15) }
        time.advance(by: .milliseconds(10))
        try await eventually { calls.withLock { $0 } == 3 && controller.queue.isIdle }
        controller.stop()
        await running.value
    }

    @Test("looks again when a reconciler asks for it")
    func looksAgain() async throws {
        let calls = Mutex(0)
        let controller = controller { _ in
            calls.withLock { $0 += 1 }
            return .lookAgain(after: .seconds(2))
        }
        let running = Task { await controller.run() }
        controller.queue.add(key("a"))
        for round in 1...3 {
            try await eventually { time.nextMoment == .seconds(2 * round) }
            #expect(calls.withLock { $0 } == round)
            time.advance(by: .seconds(2))
        }
        running.cancel()
        await running.value
    }

    @Test("never has one key in two workers' hands, and works on others meanwhile")
    func oneAtATime() async throws {
        struct Seen {
            var running: [String: Int] = [:]
            var most = 0
            var done = 0
        }
        let seen = Mutex(Seen())
        let controller = controller(workers: 8) { key in
            seen.withLock { seen in
                seen.running[key.name, default: 0] += 1
                seen.most = max(seen.most, seen.running[key.name] ?? 0)
            }
            for _ in 0..<10 { await Task.yield() }
            seen.withLock { seen in
                seen.running[key.name, default: 0] -= 1
                seen.done += 1
            }
            return .done
        }
        let running = Task { await controller.run() }
        for round in 0..<50 { for name in ["a", "b", "c"] where round % 2 == 0 { controller.queue.add(key(name)) } }
        try await eventually { controller.queue.isIdle }
        controller.stop()
        await running.value
        #expect(seen.withLock { $0.most } == 1)
        #expect(seen.withLock { $0.done } >= 3)
    }

    @Test("finishes what is in hand when it is stopped")
    func stops() async throws {
        let gate = Gate()
        let finished = Mutex(false)
        let controller = controller { _ in
            await gate.wait()
            finished.withLock { $0 = true }
            return .done
        }
        let running = Task { await controller.run() }
        controller.queue.add(key("a"))
        try await eventually { controller.queue.count == 0 }
        controller.stop()
        gate.open()
        await running.value
        #expect(finished.withLock { $0 })
    }
}
