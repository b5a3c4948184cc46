import NIOCore

/// The body of a request while it comes in. What waits to be taken is bounded: the connection reads no further.
///
/// Used on the connection's event loop only.
final class IncomingBody {
    private enum State {
        case open
        case ended
        case failed(any Error)
        /// Nobody wants the rest: it is read, and forgotten.
        case discarded
    }

    private var bytes: [UInt8] = []
    private var state = State.open
    /// Bytes that may wait.
    private var room = 64 << 10
    private var reader: CheckedContinuation<Void, Never>?
    /// What to do when there is room again.
    private let onRoom: () -> Void

    init(onRoom: @escaping () -> Void) { self.onRoom = onRoom }

    var isFull: Bool { bytes.count >= room }

    func feed(_ part: ByteBuffer) {
        if case .discarded = state { return }
        bytes += part.readableBytesView
        wake()
    }

    /// - Parameter failure: why it has not come whole, if it has not.
    func finish(_ failure: (any Error)? = nil) {
        guard case .open = state else { return }
        state = failure.map { .failed($0) } ?? .ended
        wake()
    }

    func discard() {
        guard case .open = state else { return }
        state = .discarded
        bytes = []
        wake()
        onRoom()
    }

    /// What has come since the last call, or comes next; `nil` at the end.
    func next() async throws -> [UInt8]? {
        while bytes.isEmpty {
            switch state {
            case .open: await more()
            case .ended, .discarded: return nil
            case .failed(let error): throw error
            }
        }
        defer {
            bytes = []
            onRoom()
        }
        return bytes
    }

    struct TooLarge: Error {}

    /// All of it.
    ///
    /// - Throws: `TooLarge` for one that has more bytes than `limit`.
    func whole(upTo limit: Int) async throws -> [UInt8] {
        room = limit + 1
        onRoom()
        while case .open = state, !isFull { await more() }
        guard !isFull else { throw TooLarge() }
        if case .failed(let error) = state { throw error }
        defer { bytes = [] }
        return bytes
    }

    private func more() async { await withCheckedContinuation { reader = $0 } }

    private func wake() {
        reader?.resume()
        reader = nil
    }
}
