import Glibc
import Synchronization

/// A container process under its shim, from its start to the end of the last of its descendants. It stays alive until
/// then by itself, whoever lets go of it: someone must reap the shim.
final class ContainerProcess: Sendable {
    enum Event: Sendable, Hashable {
        case report(ProcessReport)
        /// Nothing of it is left, and all its output is in the log; where the shim itself was killed, the kernel is
        /// about to kill the rest. Always the last event.
        ///
        /// - Parameter shimSignal: the signal that killed the shim itself, if one did.
        case gone(shimSignal: Int32?)
    }

    fileprivate struct State {
        var lifeline: Int32?
        /// `nil` once it was waited for: the number may then be another process's.
        var shim: pid_t?
        var text: [UInt8] = []
        var token: DescriptorLoop.Token?
    }

    private let status: Int32
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
        status = shim.status
        self.loop = loop
        self.output = output
        input = shim.input.map { Descriptor($0, .writing, loop: loop) }
        self.onEvent = onEvent
        state = Mutex(State(lifeline: shim.lifeline, shim: shim.process))
    }

    /// - Parameters:
    ///   - output: gets what the process writes.
    ///   - onEvent: called on a loop's thread; must not block.
    static func start(
        shimPath: String, _ launch: ProcessLaunch, loop: DescriptorLoop, output: any ProcessOutput,
        onEvent: @escaping @Sendable (Event) -> Void
    ) throws(PosixError) -> ContainerProcess {
        let shim = try Shim.start(at: shimPath, launch)
        let process = ContainerProcess(shim, loop, output, onEvent)
        output.start(output: shim.output, error: shim.error)
        do throws(PosixError) {
            // Under the lock: the handler, which takes it too, must find its token.
            try process.state.withLock { (state) throws(PosixError) in
                state.token = try loop.watch(shim.status) { process.readStatus() }
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
    func signal(_ number: Int32) {
        state.withLock { state in
            if let shim = state.shim { _ = Glibc.kill(shim, number) }
        }
    }

    /// Kills the main process and all that came of it, at once, by letting go of the lifeline.
    func kill() {
        state.withLock { state in
            if let lifeline = state.lifeline { close(lifeline) }
            state.lifeline = nil
        }
    }

    /// For a shim that does not answer to `kill`: the kernel kills what is under it.
    func killShim() { signal(SIGKILL) }

    private func readStatus() {
        var bytes = [UInt8](repeating: 0, count: 512)
        let count = read(status, &bytes, bytes.count)
        if count > 0 {
            for report in state.withLock({ $0.take(bytes.prefix(count)) }) { onEvent(.report(report)) }
        } else if count == 0 || (errno != EAGAIN && errno != EINTR) {
            reap()
        }
    }

    /// The status ended: so did, or does this moment, the shim.
    private func reap() {
        let (shim, token) = state.withLock { ($0.shim, $0.token) }
        if let token { loop.forget(status, token) }
        close(status)
        var result: Int32 = 0
        if let shim { while waitpid(shim, &result, 0) < 0, errno == EINTR {} }
        state.withLock { $0.shim = nil }
        kill()
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
