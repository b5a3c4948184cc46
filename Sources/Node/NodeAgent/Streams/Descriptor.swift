import CPosix
import Glibc
import Synchronization

/// One direction of a pipe, a terminal or a socket, without a thread that waits: a task does.
final class Descriptor: Sendable {
    enum Direction: Sendable { case reading, writing }

    enum Read: Sendable, Hashable {
        case bytes([UInt8])
        /// Nothing for now.
        case nothing
        case end
    }

    private struct State {
        var number: Int32
        var waiter: CheckedContinuation<Void, Never>?
        var token: DescriptorLoop.Token?
    }

    private static let pieceSize = 32 << 10

    private let direction: Direction
    private let loop: DescriptorLoop
    private let state: Mutex<State>

    /// - Parameter number: becomes this object's own, and non-blocking.
    init(_ number: Int32, _ direction: Direction, loop: DescriptorLoop) {
        _ = fcntl(number, F_SETFL, fcntl(number, F_GETFL) | O_NONBLOCK)
        self.direction = direction
        self.loop = loop
        state = Mutex(State(number: number))
    }

    deinit { close() }

    func close() {
        let waiter = state.withLock { state in
            let waiter = disarm(&state)
            if state.number >= 0 { _ = Glibc.close(state.number) }
            state.number = -1
            return waiter
        }
        waiter?.resume()
    }

    /// What is there now.
    func read() -> Read {
        state.withLock { state in
            guard state.number >= 0 else { return .end }
            var result = 0
            let bytes = [UInt8](unsafeUninitializedCapacity: Self.pieceSize) { buffer, count in
                repeat {
                    result = Glibc.read(state.number, buffer.baseAddress, buffer.count)
                } while result < 0 && errno == EINTR
                count = max(0, result)
            }
            if result > 0 { return .bytes(bytes) }
            return result < 0 && errno == EAGAIN ? .nothing : .end
        }
    }

    /// Writes all, waiting for room; whether it could.
    func write(_ bytes: [UInt8]) async -> Bool {
        var rest = bytes[...]
        while !rest.isEmpty {
            guard let count = writeSome(rest), !Task.isCancelled else { return false }
            rest = rest.dropFirst(count)
            if count == 0 { await ready() }
        }
        return true
    }

    /// Runs `body` with the number, unless it is closed.
    func with(_ body: (Int32) -> Void) {
        state.withLock { if $0.number >= 0 { body($0.number) } }
    }

    /// Returns when there may be something to do, when `wake` or `close` was called, or the task is cancelled. For one
    /// task at a time.
    ///
    /// - Parameter isOver: asked when nobody could be woken any more: whether not to wait after all.
    func ready(unless isOver: @Sendable () -> Bool = { false }) async {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isWaiting = state.withLock { state in
                    guard state.number >= 0, !Task.isCancelled, !isOver() else { return false }
                    let isReading = direction == .reading
                    state.token = try? loop.watch(state.number, readable: isReading, writable: !isReading) {
                        [weak self] in self?.wake()
                    }
                    // Regular files and the like are always ready.
                    guard state.token != nil else { return false }
                    state.waiter = continuation
                    return true
                }
                if !isWaiting { continuation.resume() }
            }
        } onCancel: {
            wake()
        }
    }

    func wake() { state.withLock { disarm(&$0) }?.resume() }

    private func disarm(_ state: inout State) -> CheckedContinuation<Void, Never>? {
        if let token = state.token { loop.forget(state.number, token) }
        defer { (state.token, state.waiter) = (nil, nil) }
        return state.waiter
    }

    /// 0 where there is no room, `nil` where nobody reads any more.
    private func writeSome(_ bytes: ArraySlice<UInt8>) -> Int? {
        state.withLock { state in
            guard state.number >= 0 else { return nil }
            let count = bytes.withUnsafeBytes { Glibc.write(state.number, $0.baseAddress, $0.count) }
            if count >= 0 { return count }
            return errno == EAGAIN || errno == EINTR ? 0 : nil
        }
    }
}
