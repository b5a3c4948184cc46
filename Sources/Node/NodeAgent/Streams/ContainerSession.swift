import CPosix
import Glibc
import KubeModel
import Synchronization

/// A process in a container, with its streams: one of its own (`exec`), or the container's main one (`attach`).
package final class ContainerSession: Sendable {
    private enum Kind: Sendable {
        case command(ContainerProcess, StreamedOutput)
        case main(ContainerProcess, output: Pieces, errors: Pieces, endsInput: Bool)
    }

    /// One reader's place in a stream of pieces.
    fileprivate struct Pieces: Sendable {
        let pieces: AsyncStream<[UInt8]>

        init(_ pieces: AsyncStream<[UInt8]>) { self.pieces = pieces }

        func next() async -> [UInt8]? {
            var iterator = pieces.makeAsyncIterator()
            return await iterator.next()
        }
    }

    private let kind: Kind
    private let ending: Ending
    private let isTerminal: Bool

    private init(_ kind: Kind, _ ending: Ending, isTerminal: Bool) {
        self.kind = kind
        self.ending = ending
        self.isTerminal = isTerminal
    }

    deinit { close() }

    /// Starts a command beside a container's main process.
    ///
    /// - Throws: `Status`, where it cannot be executed.
    static func exec(_ launch: ProcessLaunch, _ services: NodeServices) async throws -> ContainerSession {
        let output = StreamedOutput(loop: services.loop)
        let ending = Ending()
        let process: ContainerProcess
        do throws(PosixError) {
            process = try ContainerProcess.start(
                shimPath: services.shimPath, launch, loop: services.loop, output: output
            ) { ending.take($0) }
        } catch {
            throw Status.internalError("error executing command in container: \(error)")
        }
        let session = ContainerSession(.command(process, output), ending, isTerminal: launch.isTerminal)
        if let problem = await ending.problemOfStarting() {
            throw Status.internalError("error executing command in container: \(problem(launch.command))")
        }
        return session
    }

    /// The main process from now on.
    ///
    /// - Parameters:
    ///   - ending: of the container.
    ///   - endsInput: whether the process' standard input ends with this session's.
    static func attach(
        _ process: ContainerProcess, _ output: LogCapture, _ ending: Ending, endsInput: Bool, isTerminal: Bool
    ) -> ContainerSession {
        ContainerSession(
            .main(
                process, output: Pieces(output.listen(to: .stdout)), errors: Pieces(output.listen(to: .stderr)),
                endsInput: endsInput), ending, isTerminal: isTerminal)
    }

    /// What it wrote, as much as there is; `nil` at the end or when the task is cancelled.
    package func read(errors: Bool) async -> [UInt8]? {
        switch kind {
        case .command(_, let stream): await stream.read(errors: errors)
        case .main(_, let output, let error, _): await (errors ? error : output).next()
        }
    }

    /// All that it writes to one stream, of which the first 10 KB are kept, as the kubelet keeps of a probe's output.
    func text(errors: Bool) async -> String {
        var bytes: [UInt8] = []
        while let part = await read(errors: errors) { bytes += part.prefix(max(0, 10_240 - bytes.count)) }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Comes back when the standard input has taken the bytes; what it does not take any more is dropped.
    package func write(_ bytes: [UInt8]) async { _ = await process.input?.write(bytes) }

    package func finishInput() {
        switch kind {
        // A terminal's end is a key of its own.
        case .command where isTerminal: break
        case .command(let process, _): process.endInput()
        case .main(let process, _, _, let endsInput): if endsInput { process.endInput() }
        }
    }

    package func resize(columns: Int, rows: Int) {
        guard isTerminal else { return }
        process.input?.with { _ = cposix_resize_terminal($0, Int32(clamping: columns), Int32(clamping: rows)) }
    }

    /// Waits for its end, or for the task's cancellation. `nil` where none is known, or of its business: attach.
    package func exitCode() async -> Int? {
        let code = await ending.exitCode()
        if case .main = kind { return nil }
        return code
    }

    /// Kills a command that was started for this session.
    package func close() {
        guard case .command(let process, let output) = kind else { return }
        process.kill()
        process.input?.close()
        output.close()
    }

    private var process: ContainerProcess {
        switch kind {
        case .command(let process, _), .main(let process, _, _, _): process
        }
    }
}

/// How a process came to its end, for anyone who waits for it.
final class Ending: Sendable {
    fileprivate struct State {
        var isStarted = false
        var isGone = false
        var code: Int?
        var failure: (step: ProcessReport.Step, error: Int32)?
        var waiters: [Int: (forStart: Bool, CheckedContinuation<Void, Never>)] = [:]
        var lastWaiter = 0
    }

    private let state = Mutex(State())

    func take(_ event: ContainerProcess.Event) {
        let waiters = state.withLock { state in
            switch event {
            case .report(.started): state.isStarted = true
            case .report(.failed(let step, let error)): state.failure = (step, error)
            case .report(.ended(let ending)): state.code = ending.exitCode
            case .report(.without), .report(.outOfMemory): break
            case .gone: state.isGone = true
            }
            let ready = state.waiters.filter { state.isOver(forStart: $0.value.forStart) }
            for number in ready.keys { state.waiters[number] = nil }
            return ready.values.map(\.1)
        }
        for waiter in waiters { waiter.resume() }
    }

    /// Waits until the command is executed; why it could not be, said of its words.
    func problemOfStarting() async -> (@Sendable ([String]) -> String)? {
        await wait(forStart: true)
        let (isStarted, failure) = state.withLock { ($0.isStarted, $0.failure) }
        if isStarted { return nil }
        return { words in
            guard let failure else { return "it ended before the command was executed" }
            let reason = PosixError.message(failure.error)
            return failure.step == .exec
                ? "exec: \"\(words.first ?? "")\": \(failure.error == ENOENT ? "executable file not found in $PATH" : reason)"
                : "\(failure.step.word): \(reason)"
        }
    }

    /// Waits until nothing of it is left, or the task is cancelled.
    func exitCode() async -> Int? {
        await wait(forStart: false)
        return state.withLock { $0.code }
    }

    private func wait(forStart: Bool) async {
        let number = state.withLock { state in
            state.lastWaiter += 1
            return state.lastWaiter
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isOver = state.withLock { state in
                    guard !state.isOver(forStart: forStart), !Task.isCancelled else { return true }
                    state.waiters[number] = (forStart, continuation)
                    return false
                }
                if isOver { continuation.resume() }
            }
        } onCancel: {
            state.withLock { $0.waiters.removeValue(forKey: number) }?.1.resume()
        }
    }
}

extension Ending.State {
    fileprivate func isOver(forStart: Bool) -> Bool {
        isGone || (forStart && (isStarted || failure != nil)) || (!forStart && code != nil)
    }
}
