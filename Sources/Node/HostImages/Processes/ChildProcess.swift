import Glibc
import ModelStorage
import Synchronization

/// Programs that are run to their end: installers. Each has a process group of its own, which is killed as a whole
/// when the task is cancelled.
///
/// To be called on `BlockingExecutor`: it waits without letting go of its thread.
enum ChildProcess {
    enum Exit: Sendable, Hashable, CustomStringConvertible {
        case code(Int32)
        case signal(Int32)

        init(status: Int32) { self = status & 0x7F == 0 ? .code((status >> 8) & 0xFF) : .signal(status & 0x7F) }

        var description: String {
            switch self {
            case .code(let code): "exit code \(code)"
            case .signal(let signal): "killed by signal \(signal)"
            }
        }
    }

    /// Runs `words`, the first of which is the program's path.
    ///
    /// - Parameters:
    ///   - descriptor: stays open in the child, as descriptor 3.
    ///   - line: gets what the child writes to its output and error streams, line by line.
    /// - Throws: `HostImageError` where it cannot be started; `CancellationError`.
    static func run(
        _ words: [String], environment: [String: String], inheriting descriptor: Int32? = nil,
        line: @escaping @Sendable (String) -> Void
    ) async throws -> Exit {
        try Task.checkCancellation()
        let (process, output) = try await start(words, environment, descriptor)
        let running = Mutex<pid_t?>(process)
        return try await withTaskCancellationHandler {
            OutputLines(output).forEach(line)
            let exit = wait(process, running)
            try Task.checkCancellation()
            return exit
        } onCancel: {
            running.withLock { if let process = $0 { _ = kill(-process, SIGKILL) } }
        }
    }

    /// The lines that a program writes; `nil` where it cannot be run or fails.
    static func output(_ words: [String], _ environment: [String: String]) async -> [String]? {
        let lines = Mutex<[String]>([])
        let exit = try? await run(words, environment: environment) { line in lines.withLock { $0.append(line) } }
        return exit == .code(0) ? lines.withLock { $0 } : nil
    }

    /// Waits for the end, reaping the child only under the lock: its number must not be another's when it is killed.
    private static func wait(_ process: pid_t, _ running: borrowing Mutex<pid_t?>) -> Exit {
        var information = siginfo_t()
        while waitid(P_PID, id_t(process), &information, WEXITED | WNOWAIT) != 0, errno == EINTR {}
        return running.withLock { running in
            var status: Int32 = 0
            while waitpid(process, &status, 0) < 0, errno == EINTR {}
            // Whatever the child left behind goes with it.
            _ = kill(-process, SIGKILL)
            running = nil
            return Exit(status: status)
        }
    }

    /// A program that was just written may be held open for a moment more, by another child on its way to its own
    /// program.
    private static func start(
        _ words: [String], _ environment: [String: String], _ inherited: Int32?
    ) async throws -> (process: pid_t, output: Int32) {
        for _ in 0..<50 {
            do { return try spawn(words, environment, inherited) } catch let error as SpawnFailure {
                guard error.code == ETXTBSY else { throw error.readable }
                try await Task.sleep(for: .milliseconds(10))
            }
        }
        throw SpawnFailure(program: words.first ?? "", code: ETXTBSY).readable
    }

    private struct SpawnFailure: Error {
        var program: String
        var code: Int32

        var readable: HostImageError {
            HostImageError(
                "\(program) cannot be started: \(String(cString: strerror(code)))",
                remedy: "see that it is there and may be executed")
        }
    }

    private static func spawn(
        _ words: [String], _ environment: [String: String], _ inherited: Int32?
    ) throws -> (process: pid_t, output: Int32) {
        var ends: [Int32] = [-1, -1]
        // A pair of sockets: unlike pipe(), it is closed in every other child from its first moment on.
        let type = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
        guard socketpair(AF_UNIX, type, 0, &ends) == 0 else {
            throw SpawnFailure(program: words.first ?? "", code: errno)
        }
        defer { close(ends[1]) }
        var attributes = posix_spawnattr_t()
        var actions = posix_spawn_file_actions_t()
        posix_spawnattr_init(&attributes)
        posix_spawn_file_actions_init(&actions)
        defer {
            posix_spawnattr_destroy(&attributes)
            posix_spawn_file_actions_destroy(&actions)
        }
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETPGROUP))
        posix_spawnattr_setpgroup(&attributes, 0)
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_adddup2(&actions, ends[1], 1)
        posix_spawn_file_actions_adddup2(&actions, ends[1], 2)
        if let inherited { posix_spawn_file_actions_adddup2(&actions, inherited, 3) }
        var process = pid_t()
        let program = words.first ?? ""
        let error = withCStrings(words) { words in
            withCStrings(environment.map { "\($0.key)=\($0.value)" }) { environment in
                posix_spawn(&process, program, &actions, &attributes, words, environment)
            }
        }
        guard error == 0 else {
            close(ends[0])
            throw SpawnFailure(program: program, code: error)
        }
        return (process, ends[0])
    }

    /// - Parameter body: gets the array of C strings, ended by NULL, that `execve` wants.
    private static func withCStrings<Result>(
        _ strings: [String], _ body: ([UnsafeMutablePointer<CChar>?]) -> Result
    ) -> Result {
        let copies = strings.map { strdup($0) }
        defer { for copy in copies { free(copy) } }
        return body(copies + [nil])
    }
}

/// The lines of a pipe.
struct OutputLines {
    /// Longer lines are cut into several.
    private static let lineLimit = 8192

    private let descriptor: Int32

    /// Takes the descriptor over and closes it at the end.
    init(_ descriptor: Int32) { self.descriptor = descriptor }

    /// Calls `body` for each line until the last writer has closed the pipe.
    func forEach(_ body: (String) -> Void) {
        defer { close(descriptor) }
        var pending: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 8192)
        while true {
            let count = read(descriptor, &chunk, chunk.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { break }
            for byte in chunk[..<count] {
                // Installers draw their bars over each other by carriage returns.
                let isEnd = byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r")
                if !isEnd { pending.append(byte) }
                guard !pending.isEmpty, isEnd || pending.count == Self.lineLimit else { continue }
                body(String(decoding: pending, as: UTF8.self))
                pending = []
            }
        }
        if !pending.isEmpty { body(String(decoding: pending, as: UTF8.self)) }
    }
}
