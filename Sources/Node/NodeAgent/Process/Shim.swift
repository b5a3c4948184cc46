import CPosix
import Glibc

/// A shim that was started: its process and our ends of its pipes, all for the caller to close.
struct Shim: Sendable {
    var process: pid_t
    /// Closing it kills everything under the shim.
    var lifeline: Int32
    var status: Int32
    var output: Int32
    var error: Int32

    /// The shim's own numbers of its descriptors.
    private static let (lifelineNumber, statusNumber): (Int32, Int32) = (3, 4)

    /// Starts the shim at `path`; takes about a millisecond.
    static func start(at path: String, _ launch: ProcessLaunch) throws(PosixError) -> Shim {
        var pipes: [Pipe] = []
        do throws(PosixError) {
            for _ in 0..<4 { pipes.append(try highPipe()) }
            let (lifeline, status, output, error) = (pipes[0], pipes[1], pipes[2], pipes[3])
            let process = try spawn(
                path, ["martlet-shim"] + launch.shimArguments(lifeline: lifelineNumber, status: statusNumber),
                launch.environment,
                streams: [1: output.writing, 2: error.writing, 3: lifeline.reading, 4: status.writing])
            for pipe in [status, output, error] { pipe.makeNonBlocking(pipe.reading) }
            for theirs in [lifeline.reading, status.writing, output.writing, error.writing] { close(theirs) }
            return Shim(
                process: process, lifeline: lifeline.writing, status: status.reading, output: output.reading,
                error: error.reading)
        } catch {
            for pipe in pipes { pipe.close() }
            throw error
        }
    }

    /// A pipe whose numbers are none of those that the shim's ends are copied to.
    private static func highPipe() throws(PosixError) -> Pipe {
        var pipe = try Pipe()
        for end in [\Pipe.reading, \Pipe.writing] where pipe[keyPath: end] < 10 {
            let high = fcntl(pipe[keyPath: end], F_DUPFD_CLOEXEC, 10)
            guard high >= 0 else {
                let error = PosixError("dup")
                pipe.close()
                throw error
            }
            close(pipe[keyPath: end])
            pipe[keyPath: end] = high
        }
        return pipe
    }

    private static func spawn(
        _ path: String, _ arguments: [String], _ environment: [String: String], streams: [Int32: Int32]
    ) throws(PosixError) -> pid_t {
        var attributes = posix_spawnattr_t()
        var actions = posix_spawn_file_actions_t()
        posix_spawnattr_init(&attributes)
        posix_spawn_file_actions_init(&actions)
        defer {
            posix_spawnattr_destroy(&attributes)
            posix_spawn_file_actions_destroy(&actions)
        }
        // A session from the start: Ctrl-C in Martlet's terminal is not for its models.
        posix_spawnattr_setflags(&attributes, cposix_spawn_setsid)
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        for (theirs, ours) in streams { posix_spawn_file_actions_adddup2(&actions, ours, theirs) }
        var process = pid_t()
        let error = withCStrings(arguments) { arguments in
            withCStrings(environment.map { "\($0.key)=\($0.value)" }) { environment in
                posix_spawn(&process, path, &actions, &attributes, arguments, environment)
            }
        }
        guard error == 0 else { throw PosixError("start \(path)", error) }
        return process
    }

    /// - Parameter body: gets the NULL-terminated array of C strings that `execve` wants.
    private static func withCStrings<Result>(
        _ strings: [String], _ body: ([UnsafeMutablePointer<CChar>?]) -> Result
    ) -> Result {
        let copies = strings.map { strdup($0) }
        defer { for copy in copies { free(copy) } }
        return body(copies + [nil])
    }
}
