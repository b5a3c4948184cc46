import Synchronization

/// Takes what a process writes.
protocol ProcessOutput: Sendable {
    /// Takes over the reading ends of both streams; on a terminal there is but one, and one that has ended is none.
    func start(output: Int32?, error: Int32?)
    /// The process is gone. Calls `done` when nothing more is to be taken from the streams.
    func finish(_ done: @escaping @Sendable () -> Void)
}

extension LogCapture: ProcessOutput {}

/// Keeps a process' output for a reader who takes it at his own pace; the process waits for him meanwhile.
final class StreamedOutput: ProcessOutput {
    private struct State {
        var output: Descriptor?
        var error: Descriptor?
        var isOver = false
    }

    private let loop: DescriptorLoop
    private let state = Mutex(State())

    init(loop: DescriptorLoop) { self.loop = loop }

    func start(output: Int32?, error: Int32?) {
        state.withLock { state in
            state.output = output.map { Descriptor($0, .reading, loop: loop) }
            state.error = error.map { Descriptor($0, .reading, loop: loop) }
        }
    }

    /// What is in the pipes can still be read; what others, who have them open, write later is not waited for.
    func finish(_ done: @escaping @Sendable () -> Void) {
        for stream in state.withLock({ state in
            state.isOver = true
            return [state.output, state.error]
        }) { stream?.wake() }
        done()
    }

    /// `nil` at the end, or when the task is cancelled.
    func read(errors: Bool) async -> [UInt8]? {
        guard let stream = state.withLock({ errors ? $0.error : $0.output }) else { return nil }
        while !Task.isCancelled {
            let isOver = state.withLock { $0.isOver }
            switch stream.read() {
            case .bytes(let bytes): return bytes
            case .end: return nil
            case .nothing:
                guard !isOver else { return nil }
                await stream.ready { [weak self] in self?.state.withLock { $0.isOver } ?? true }
            }
        }
        return nil
    }

    func close() {
        for stream in state.withLock({ [$0.output, $0.error] }) { stream?.close() }
    }
}
