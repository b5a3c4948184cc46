import Foundation
import ModelStorage
import Synchronization
import Testing

@testable import HostImages

@Suite("Programs that are run to their end", .timeLimit(.minutes(5)))
struct ChildProcessTests {
    private let shell = "/bin/sh"

    /// Runs a script as installers are run.
    private func run(_ script: String) async throws -> (exit: ChildProcess.Exit, lines: [String]) {
        let lines = Lines()
        let exit = try await withTaskExecutorPreference(BlockingExecutor.shared) {
            try await ChildProcess.run([shell, "-c", script], environment: ["A": "b"], line: lines.add)
        }
        return (exit, lines.all)
    }

    @Test("give their lines, of both streams, and their exit code")
    func lines() async throws {
        let result = try await run("echo one; echo two >&2; printf 'a\\rb\\n\\nlast'; echo \"$A$HOME\"; exit 3")
        #expect(result.lines == ["one", "two", "a", "b", "lastb"])
        #expect(result.exit == .code(3))
    }

    @Test("tell which signal ended them")
    func signal() async throws {
        #expect(try await run("kill -9 $$").exit == .signal(9))
        #expect(ChildProcess.Exit.signal(9).description == "killed by signal 9")
    }

    @Test("give long lines in pieces of 8 kB")
    func longLine() async throws {
        let result = try await run("PATH=/usr/bin:/bin; head -c 20000 /dev/zero | tr '\\0' x")
        #expect(result.lines.map(\.count) == [8192, 8192, 3616])
    }

    @Test("that do not exist are an error")
    func missing() async {
        await #expect(throws: HostImageError.self) {
            try await ChildProcess.run(["/nonexistent"], environment: [:], line: { _ in })
        }
    }

    @Test("are killed with all their children when the task is cancelled", .timeLimit(.minutes(1)))
    func cancel() async throws {
        let lines = Lines()
        let task = Task(executorPreference: BlockingExecutor.shared) {
            try await ChildProcess.run(
                [shell, "-c", "sleep 1000 & echo $!; echo $$; wait"], environment: ["PATH": "/usr/bin:/bin"],
                line: lines.add)
        }
        while lines.all.count < 2 { await Task.yield() }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        for process in lines.all.compactMap({ pid_t($0) }) {
            // They end, and the grandchild is reaped, at the system's leisure: gone, or a zombie, within the time limit.
            func state() -> String { (try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8)) ?? "" }
            while !(state().isEmpty || state().contains(") Z ")) { await Task.yield() }
        }
    }
}

final class Lines: Sendable {
    private let state = Mutex<[String]>([])

    var all: [String] { state.withLock { $0 } }

    func add(_ line: String) { state.withLock { $0.append(line) } }
}
