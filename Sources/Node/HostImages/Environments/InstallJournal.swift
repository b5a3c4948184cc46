import KubeController
import Synchronization

/// What an installation is at, with the last lines of its output.
final class InstallJournal: Sendable {
    private static let tailLength = 20

    private struct State {
        var step = ""
        var tail: [String] = []
    }

    private let time: any TimeSource
    private let started: Duration
    private let report: @Sendable (InstallProgress) -> Void
    private let state = Mutex(State())

    init(time: any TimeSource, report: @escaping @Sendable (InstallProgress) -> Void) {
        self.time = time
        started = time.now
        self.report = report
    }

    /// The last lines of the present step's output.
    var tail: [String] { state.withLock { $0.tail } }

    func begin(_ step: String) {
        state.withLock { $0 = State(step: step) }
        tell()
    }

    /// Takes a line of output.
    func add(_ line: String) {
        guard !line.allSatisfy(\.isWhitespace) else { return }
        state.withLock { state in
            state.tail.append(String(line.prefix(500)))
            if state.tail.count > Self.tailLength { state.tail.removeFirst() }
        }
        tell()
    }

    /// Reports how it stands.
    func tell() {
        let (step, line) = state.withLock { ($0.step, $0.tail.last ?? "") }
        report(InstallProgress(step: step, line: line, elapsed: time.now - started))
    }

    /// Does something that takes long, and reports every second meanwhile, so that one sees that it goes on.
    func ticking<Value: Sendable>(_ body: @escaping @Sendable () async throws -> Value) async throws -> Value {
        try await withThrowingTaskGroup(of: Value?.self) { group in
            group.addTask { try await body() }
            group.addTask {
                while true {
                    try await self.time.sleep(for: .seconds(1))
                    self.tell()
                }
            }
            defer { group.cancelAll() }
            while let value = try await group.next() {
                if let value { return value }
            }
            throw CancellationError()
        }
    }
}
