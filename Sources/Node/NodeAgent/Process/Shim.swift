import CPosix
import Glibc

/// A shim that was started: its process and our ends of its pipes, all for the caller to close.
struct Shim: Sendable {
    var process: pid_t
    /// Closing it kills everything under the shim.
    var lifeline: Int32
    var status: Int32
    var output: Int32
    /// `nil` on a terminal.
    var error: Int32?
    /// What is written to it is the process' standard input.
    var input: Int32?

    /// The shim's own numbers of its descriptors.
    private static let (lifelineNumber, statusNumber): (Int32, Int32) = (3, 4)

    /// Starts the shim at `path`; takes about a millisecond.
    static func start(at path: String, _ launch: ProcessLaunch) throws(PosixError) -> Shim {
        var pipes: [Pipe] = []
        do throws(PosixError) {
            for _ in 0..<2 { pipes.append(try Pipe.high()) }
            let (lifeline, status) = (pipes[0], pipes[1])
            let streams = try StandardStreams(launch)
            defer { streams.closeTheirs() }
            do throws(PosixError) {
                let process = try spawn(
                    path, ["martlet-shim"] + launch.shimArguments(lifeline: lifelineNumber, status: statusNumber),
                    launch.environment,
                    streams: streams.theirs.merging([3: lifeline.reading, 4: status.writing]) { $1 })
                status.makeNonBlocking(status.reading)
                for theirs in [lifeline.reading, status.writing] { close(theirs) }
                return Shim(
                    process: process, lifeline: lifeline.writing, status: status.reading, output: streams.output,
                    error: streams.error, input: streams.input)
            } catch {
                streams.closeOurs()
                throw error
            }
        } catch {
            for pipe in pipes { pipe.close() }
            throw error
        }
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
        if streams[0] == nil { posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0) }
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
