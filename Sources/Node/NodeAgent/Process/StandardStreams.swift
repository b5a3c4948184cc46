import CPosix
import Glibc

/// The three standard streams of a process that is started: pipes, or one terminal. All for the caller to close.
struct StandardStreams {
    var output: Int32
    /// `nil` on a terminal.
    var error: Int32?
    var input: Int32?
    /// The process' ends, by their numbers there.
    private(set) var theirs: [Int32: Int32] = [:]

    init(_ launch: ProcessLaunch) throws(PosixError) {
        if launch.isTerminal {
            try self.init(terminalWithInput: launch.hasInput)
        } else {
            try self.init(pipesWithInput: launch.hasInput)
        }
    }

    private init(pipesWithInput hasInput: Bool) throws(PosixError) {
        var pipes: [Pipe] = []
        do throws(PosixError) {
            for _ in 0..<(hasInput ? 3 : 2) { pipes.append(try Pipe.high()) }
        } catch {
            for pipe in pipes { pipe.close() }
            throw error
        }
        for pipe in pipes.prefix(2) { pipe.makeNonBlocking(pipe.reading) }
        (output, error) = (pipes[0].reading, pipes[1].reading)
        theirs = [1: pipes[0].writing, 2: pipes[1].writing]
        guard hasInput else { return }
        input = pipes[2].writing
        theirs[0] = pipes[2].reading
    }

    private init(terminalWithInput hasInput: Bool) throws(PosixError) {
        var (controller, terminal): (Int32, Int32) = (-1, -1)
        guard cposix_open_terminal(&controller, &terminal, 0, 0) == 0 else { throw PosixError("open a terminal") }
        defer { for low in [controller, terminal] { _ = Glibc.close(low) } }
        output = fcntl(controller, F_DUPFD_CLOEXEC, 20)
        input = hasInput ? fcntl(controller, F_DUPFD_CLOEXEC, 20) : nil
        let end = fcntl(terminal, F_DUPFD_CLOEXEC, 20)
        theirs = [0: end, 1: end, 2: end]
        _ = fcntl(output, F_SETFL, fcntl(output, F_GETFL) | O_NONBLOCK)
    }

    func closeTheirs() { for end in Set(theirs.values) { close(end) } }

    func closeOurs() { for end in [output, error, input] { if let end { close(end) } } }
}

extension Pipe {
    /// A pipe whose numbers are none of those that the shim's ends are copied to.
    static func high() throws(PosixError) -> Pipe { try (Pipe()).raised() }

    /// Both ends of a connection that goes both ways; likewise.
    static func connection() throws(PosixError) -> Pipe {
        var ends: (Int32, Int32) = (-1, -1)
        guard cposix_socket_pair(&ends.0, &ends.1) == 0 else { throw PosixError("socketpair") }
        return try Pipe(reading: ends.0, writing: ends.1).raised()
    }

    private func raised() throws(PosixError) -> Pipe {
        var pipe = self
        for end in [\Pipe.reading, \Pipe.writing] where pipe[keyPath: end] < 20 {
            let high = fcntl(pipe[keyPath: end], F_DUPFD_CLOEXEC, 20)
            guard high >= 0 else {
                let error = PosixError("dup")
                pipe.close()
                throw error
            }
            _ = Glibc.close(pipe[keyPath: end])
            pipe[keyPath: end] = high
        }
        return pipe
    }
}
