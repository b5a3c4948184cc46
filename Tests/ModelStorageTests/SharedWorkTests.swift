import Synchronization
import Testing

@testable import ModelStorage

@Suite("Work that many ask for")
struct SharedWorkTests {
    @Test("is done once, and all get its value and progress")
    func once() async throws {
        let shared = SharedWork<String, Int, Int>()
        let runs = Record<Int>()
        let gate = Signal()
        let progress = Record<Int>()
        let values = try await withThrowingTaskGroup(of: Int.self) { group in
            for _ in 0..<50 {
                group.addTask {
                    try await shared.value(for: "key", report: progress.add) { report in
                        runs.add(1)
                        report(7)
                        await gate.wait()
                        return 42
                    }
                }
            }
            while progress.all.count < 50 { await Task.yield() }
            gate.open()
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(values == Array(repeating: 42, count: 50))
        #expect(runs.all == [1])
        #expect(progress.all == Array(repeating: 7, count: 50))
    }

    @Test("goes on when a waiter leaves")
    func leaving() async throws {
        let shared = SharedWork<String, Int, Int>()
        let (gate, begun) = (Signal(), Signal())
        let work: @Sendable (@escaping @Sendable (Int) -> Void) async throws -> Int = { _ in
            begun.open()
            await gate.wait()
            try Task.checkCancellation()
            return 1
        }
        let leaver = Task { try await shared.value(for: "key", report: { _ in }, work: work) }
        await begun.wait()
        async let stayer = shared.value(for: "key", report: { _ in }, work: work)
        leaver.cancel()
        await #expect(throws: CancellationError.self) { try await leaver.value }
        gate.open()
        #expect(try await stayer == 1)
    }

    @Test("is begun again after it failed")
    func failure() async throws {
        struct Broken: Error {}
        let shared = SharedWork<String, Int, Int>()
        await #expect(throws: Broken.self) {
            try await shared.value(for: "key", report: { _ in }) { _ in throw Broken() }
        }
        #expect(try await shared.value(for: "key", report: { _ in }) { _ in 3 } == 3)
    }

    @Test("ends when it is stopped, and none begins after that")
    func stop() async throws {
        let shared = SharedWork<String, Int, Int>()
        let begun = Signal()
        let waiter = Task {
            try await shared.value(for: "key", report: { _ in }) { _ in
                begun.open()
                try await Task.sleep(for: .seconds(3600))
                return 1
            }
        }
        await begun.wait()
        shared.stop()
        await #expect(throws: CancellationError.self) { try await waiter.value }
        await #expect(throws: CancellationError.self) {
            try await shared.value(for: "other", report: { _ in }) { _ in 1 }
        }
    }
}

/// A door that opens once.
final class Signal: Sendable {
    private let state = Mutex<(isOpen: Bool, waiting: [CheckedContinuation<Void, Never>])>((false, []))

    func open() {
        let waiting = state.withLock { state in
            defer { state = (true, []) }
            return state.waiting
        }
        for continuation in waiting { continuation.resume() }
    }

    func wait() async {
        await withCheckedContinuation { continuation in
            let isOpen = state.withLock { state in
                if !state.isOpen { state.waiting.append(continuation) }
                return state.isOpen
            }
            if isOpen { continuation.resume() }
        }
    }
}
