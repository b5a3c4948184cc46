import Synchronization

/// Bytes on their way from one task to another, bounded: who puts more into it than it holds waits.
final class ByteQueue: Sendable {
    fileprivate struct State {
        var pieces: [[UInt8]] = []
        var count = 0
        var isFinished = false
        var isAborted = false
        var reader: CheckedContinuation<Void, Never>?
        var writer: CheckedContinuation<Void, Never>?
    }

    private let capacity: Int
    private let state = Mutex(State())

    /// - Parameter capacity: bytes after which writers wait; one more piece may be in it.
    init(capacity: Int = 256 << 10) { self.capacity = capacity }

    /// For one writer. What is put into a queue that is finished is dropped.
    func push(_ bytes: [UInt8]) async {
        let reader = state.withLock { state -> CheckedContinuation<Void, Never>? in
            guard !bytes.isEmpty, !state.isFinished else { return nil }
            state.pieces.append(bytes)
            state.count += bytes.count
            return state.takeReader()
        }
        reader?.resume()
        await wait(.writer) { [capacity] in $0.count >= capacity && !$0.isFinished }
    }

    /// For one reader; `nil` at the end, or when the task is cancelled.
    func pop() async -> [UInt8]? {
        await wait(.reader) { $0.pieces.isEmpty && !$0.isFinished }
        let (bytes, writer) = state.withLock { state -> ([UInt8]?, CheckedContinuation<Void, Never>?) in
            guard !state.pieces.isEmpty else { return (nil, nil) }
            let bytes = state.pieces.removeFirst()
            state.count -= bytes.count
            return (bytes, state.count < capacity ? state.takeWriter() : nil)
        }
        writer?.resume()
        return bytes
    }

    /// No more will come; what is in it can still be read.
    func finish() {
        for waiter in state.withLock({ state in
            state.isFinished = true
            return [state.takeReader(), state.takeWriter()]
        }) { waiter?.resume() }
    }

    /// No more will come, and what is in it is of no interest.
    func abort() {
        state.withLock { state in
            (state.pieces, state.count, state.isAborted) = ([], 0, true)
        }
        finish()
    }

    var isAborted: Bool { state.withLock { $0.isAborted } }

    private enum Side: Sendable { case reader, writer }

    private func wait(_ side: Side, while condition: @Sendable (State) -> Bool) async {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isOver = state.withLock { state in
                    guard !Task.isCancelled, condition(state) else { return true }
                    switch side {
                    case .reader: state.reader = continuation
                    case .writer: state.writer = continuation
                    }
                    return false
                }
                if isOver { continuation.resume() }
            }
        } onCancel: {
            state.withLock { side == .reader ? $0.takeReader() : $0.takeWriter() }?.resume()
        }
    }
}

extension ByteQueue.State {
    fileprivate mutating func takeReader() -> CheckedContinuation<Void, Never>? {
        defer { reader = nil }
        return reader
    }

    fileprivate mutating func takeWriter() -> CheckedContinuation<Void, Never>? {
        defer { writer = nil }
        return writer
    }
}
