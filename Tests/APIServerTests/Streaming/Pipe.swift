import Synchronization

@testable import APIServer

/// One end of a connection in memory.
struct PipeEnd: ByteConnection {
    let incoming: ByteQueue
    let outgoing: ByteQueue

    /// Two ends of one connection.
    static func pair() -> (PipeEnd, PipeEnd) {
        let (one, other) = (ByteQueue(capacity: 1 << 20), ByteQueue(capacity: 1 << 20))
        return (PipeEnd(incoming: one, outgoing: other), PipeEnd(incoming: other, outgoing: one))
    }

    func read() async throws -> [UInt8]? { await incoming.pop() }
    func write(_ bytes: [UInt8]) async throws { await outgoing.push(bytes) }

    func close() {
        incoming.finish()
        outgoing.finish()
    }
}

/// A process that answers with what it is told, in capitals on the standard error, and ends with its input.
final class EchoProcess: PodProcess, PodConnection {
    private let output = ByteQueue()
    private let errors = ByteQueue()
    let sizes = Mutex<[Int]>([])
    let isClosed = Mutex(false)
    private let isOver = Mutex(false)
    let code: Int?

    init(code: Int? = 0) { self.code = code }

    func read(errors wantsErrors: Bool) async -> [UInt8]? { await (wantsErrors ? errors : output).pop() }
    func read() async throws -> [UInt8]? { await output.pop() }

    func write(_ bytes: [UInt8]) async {
        await output.push(bytes)
        await errors.push(Array(String(decoding: bytes, as: UTF8.self).uppercased().utf8))
    }

    func finishInput() {
        isOver.withLock { $0 = true }
        output.finish()
        errors.finish()
    }

    func finishWriting() { finishInput() }
    func resize(columns: Int, rows: Int) { sizes.withLock { $0 += [columns, rows] } }

    func exitCode() async -> Int? {
        while !Task.isCancelled, !isOver.withLock({ $0 }) { await Task.yield() }
        return code
    }

    func close() {
        isClosed.withLock { $0 = true }
        finishInput()
    }
}
