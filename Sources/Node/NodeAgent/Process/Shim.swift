import CPosix
import Glibc

/// A shim that runs: its process and our ends of its connection and streams, all for the caller to close.
struct Shim: Sendable {
    var process: pid_t
    /// Whether it was started by this process, which has to wait for its end then.
    var isChild = true
    /// Reports come by it, and words go: see martlet-shim's keeper. Its end is the shim's.
    var control: Int32
    var output: Int32?
    /// `nil` on a terminal.
    var error: Int32?
    /// What is written to it is the process' standard input.
    var input: Int32?

    /// Starts the shim at `path`; takes about a millisecond.
    static func start(at path: String, _ launch: ProcessLaunch) throws(PosixError) -> Shim {
        let control = try Pipe.connection()
        do throws(PosixError) {
            let streams = try StandardStreams(launch)
            defer { streams.closeTheirs() }
            do throws(PosixError) {
                var passed = streams.theirs
                passed[ProcessLaunch.control] = control.writing
                if launch.keep != nil {
                    passed[ProcessLaunch.output] = streams.output
                    if let error = streams.error { passed[ProcessLaunch.error] = error }
                    if let input = streams.input { passed[ProcessLaunch.input] = input }
                }
                let process = try spawn(
                    path, ["martlet-shim"] + launch.shimArguments, launch.environment, streams: passed)
                control.makeNonBlocking(control.reading)
                close(control.writing)
                return Shim(
                    process: process, control: control.reading, output: streams.output, error: streams.error,
                    input: streams.input)
            } catch {
                streams.closeOurs()
                throw error
            }
        } catch {
            control.close()
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
