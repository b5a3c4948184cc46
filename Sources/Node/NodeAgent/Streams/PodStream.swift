import CPosix
import Glibc

/// A TCP connection to a port of a pod.
package final class PodStream: Sendable {
    private let reading: Descriptor
    private let writing: Descriptor

    private init(_ socket: Int32, loop: DescriptorLoop) throws(PosixError) {
        let copy = fcntl(socket, F_DUPFD_CLOEXEC, 3)
        guard copy >= 0 else {
            let error = PosixError("dup")
            Glibc.close(socket)
            throw error
        }
        reading = Descriptor(socket, .reading, loop: loop)
        writing = Descriptor(copy, .writing, loop: loop)
    }

    /// Connects; cancelling the task gives up.
    static func connect(to address: Address, port: Int, loop: DescriptorLoop) async throws -> PodStream {
        var isInProgress = false
        let socket = cposix_connect_tcp(address.number, UInt16(clamping: port), &isInProgress)
        guard socket >= 0 else { throw PosixError("dial tcp4 \(address):\(port): connect") }
        let stream = try PodStream(socket, loop: loop)
        if isInProgress { await stream.writing.ready() }
        try Task.checkCancellation()
        let error = cposix_socket_error(socket)
        guard error == 0 else {
            stream.close()
            throw PosixError("dial tcp4 \(address):\(port): connect", error)
        }
        return stream
    }

    /// What came, as much as there is; `nil` at the end or when the task is cancelled.
    package func read() async throws -> [UInt8]? {
        while !Task.isCancelled {
            switch reading.read() {
            case .bytes(let bytes): return bytes
            case .end: return nil
            case .nothing: await reading.ready()
            }
        }
        return nil
    }

    /// Comes back when the system has taken the bytes.
    ///
    /// - Throws: where the other side takes no more.
    package func write(_ bytes: [UInt8]) async throws {
        guard await writing.write(bytes) else { throw PosixError("write", EPIPE) }
    }

    /// No more will be written.
    package func finishWriting() { writing.with { _ = shutdown($0, Int32(SHUT_WR)) } }

    package func close() {
        reading.close()
        writing.close()
    }
}
