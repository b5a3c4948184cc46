import CPosix
import Glibc
import Synchronization

/// A container process under its shim, from its start (or from when it was found again) to the end of the last of its
/// descendants. It stays alive until then by itself, whoever lets go of it: someone must reap the shim.
final class ContainerProcess: Sendable {
    enum Event: Sendable, Hashable {
        case report(ProcessReport)
        /// Nothing of it is left, and all its output is in the log; where the shim itself was killed, the kernel is
        /// about to kill the rest. Always the last event.
        ///
        /// - Parameter shimSignal: the signal that killed the shim itself, if one did and it was started by us.
        case gone(shimSignal: Int32?)
    }

    fileprivate struct State {
        /// `nil` once it was waited for: the number may then be another process's.
        var shim: pid_t?
        /// Stands for the shim, whatever becomes of its number.
        var pidfd: Int32
        var control: Int32?
        var text: [UInt8] = []
        var token: DescriptorLoop.Token?
    }

    private let isChild: Bool
    private let loop: DescriptorLoop
    private let output: any ProcessOutput
    /// The process' standard input, if it has one.
    let input: Descriptor?
    private let onEvent: @Sendable (Event) -> Void
    private let state: Mutex<State>

    private init(
        _ shim: Shim, _ loop: DescriptorLoop, _ output: any ProcessOutput,
        _ onEvent: @escaping @Sendable (Event) -> Void
    ) {
        isChild = shim.isChild
        self.loop = loop
        self.output = output
        input = shim.input.map { Descriptor($0, .writing, loop: loop) }
        self.onEvent = onEvent
        state = Mutex(
            State(shim: shim.process, pidfd: cposix_pidfd_open(shim.process), control: shim.control))
    }

    /// - Parameters:
    ///   - output: gets what the process writes.
    ///   - onEvent: called on a loop's thread; must not block.
    static func start(
        shimPath: String, _ launch: ProcessLaunch, loop: DescriptorLoop, output: any ProcessOutput,
        onEvent: @escaping @Sendable (Event) -> Void
    ) throws(PosixError) -> ContainerProcess {
        try follow(try Shim.start(at: shimPath, launch), loop: loop, output: output, onEvent: onEvent)
    }

    /// Goes on with a shim that runs; takes over its descriptors. Parameters are those of `start`.
    static func follow(
        _ shim: Shim, loop: DescriptorLoop, output: any ProcessOutput, onEvent: @escaping @Sendable (Event) -> Void
    ) throws(PosixError) -> ContainerProcess {
        let process = ContainerProcess(shim, loop, output, onEvent)
        output.start(output: shim.output, error: shim.error)
        do throws(PosixError) {
            // Under the lock: the handler, which takes it too, must find its token.
            try process.state.withLock { (state) throws(PosixError) in
                state.token = try loop.watch(shim.control) { process.hear(shim.control) }
            }
        } catch {
            process.kill()
            process.reap()
            throw error
        }
        return process
    }

    /// The number of the shim; `nil` once it is gone.
    var shimProcess: pid_t? { state.withLock { $0.shim } }

    /// Sends a signal to the main process. Nothing happens if it has ended.
    func signal(_ number: Int32) { tell("signal \(number)") }

    /// Kills the main process and all that came of it, at once.
    func kill() { tell("kill") }

    /// For a shim that does not answer to `kill`: the kernel kills what is under it.
    func killShim() { state.withLock { _ = cposix_pidfd_send_signal($0.pidfd, SIGKILL) } }

    /// The standard input ends, in the shim too.
    func endInput() {
        tell("end-input")
        input?.close()
    }

    /// Leaves the process to itself and to its shim, which goes on if it is kept. No more events come.
    func letGo() {
        let (control, token) = state.withLock { state in
            defer { state.control = nil }
            return (state.control, state.token)
        }
        guard let control else { return }
        if let token { loop.forget(control, token) }
        output.finish {
            close(control)
        }
    }

    private func tell(_ words: String) {
        let line = Array("\(words)\n".utf8)
        state.withLock { state in
            if let control = state.control { _ = cposix_send(control, line, line.count) }
        }
    }

    private func hear(_ control: Int32) {
        var bytes = [UInt8](repeating: 0, count: 512)
        let count = read(control, &bytes, bytes.count)
        if count > 0 {
            for report in state.withLock({ $0.take(bytes.prefix(count)) }) { onEvent(.report(report)) }
        } else if count == 0 || (errno != EAGAIN && errno != EINTR) {
            reap()
        }
    }

    /// The connection ended: so did, or does this moment, the shim.
    private func reap() {
        let (shim, control, token, pidfd) = state.withLock { state in
            defer { state.control = nil }
            return (state.shim, state.control, state.token, state.pidfd)
        }
        guard let control else { return }
        if let token { loop.forget(control, token) }
        close(control)
        var result: Int32 = 0
        if isChild, let shim { while waitpid(shim, &result, 0) < 0, errno == EINTR {} }
        state.withLock { state in
            state.shim = nil
            state.pidfd = -1
        }
        if pidfd >= 0 { close(pidfd) }
        let signal = result & 0x7f
        output.finish { [onEvent] in onEvent(.gone(shimSignal: signal == 0 ? nil : signal)) }
    }
}

extension ContainerProcess.State {
    /// The reports that `bytes` complete.
    fileprivate mutating func take(_ bytes: ArraySlice<UInt8>) -> [ProcessReport] {
        text += bytes
        guard let end = text.lastIndex(of: UInt8(ascii: "\n")) else { return [] }
        let lines = String(decoding: text[..<end], as: UTF8.self)
        text.removeSubrange(...end)
        return lines.split(separator: "\n").compactMap { ProcessReport(line: $0) }
    }
}
