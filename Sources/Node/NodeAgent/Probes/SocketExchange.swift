import CPosix
import Glibc
import Synchronization

/// One TCP connection to a pod: connect, send what is to be sent, read until enough is known. Without a task or a
/// thread that waits.
final class SocketExchange: Sendable {
    fileprivate struct State {
        var socket: Int32 = -1
        var token: DescriptorLoop.Token?
        var isConnected = false
        var unsent: ArraySlice<UInt8>
        var received: [UInt8] = []
        var continuation: CheckedContinuation<Result<[UInt8], PosixError>, Never>?
        var isOver = false
    }

    private let loop: DescriptorLoop
    private let isEnough: @Sendable ([UInt8]) -> Bool
    private let state: Mutex<State>

    /// - Parameters:
    ///   - bytes: sent once connected.
    ///   - isEnough: whether what was received ends the exchange; asked once before anything is.
    init(sending bytes: [UInt8], loop: DescriptorLoop, until isEnough: @escaping @Sendable ([UInt8]) -> Bool) {
        self.loop = loop
        self.isEnough = isEnough
        state = Mutex(State(unsent: bytes[...]))
    }

    /// What was received, up to the connection's end or to what is enough. Cancelling the task ends it with ECANCELED.
    func run(address: Address, port: Int) async throws(PosixError) -> [UInt8] {
        let result = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                state.withLock { $0.continuation = continuation }
                begin(address, port)
            }
        } onCancel: {
            finish(.failure(PosixError("connect", ECANCELED)))
        }
        return try result.get()
    }

    private func begin(_ address: Address, _ port: Int) {
        var inProgress = false
        let socket = cposix_connect_tcp(address.number, UInt16(clamping: port), &inProgress)
        guard socket >= 0 else { return finish(.failure(PosixError("connect"))) }
        do throws(PosixError) {
            // Under the lock: the handler, which takes it too, must find its token.
            let wasOver = try state.withLock { (state) throws(PosixError) in
                state.socket = socket
                state.isConnected = !inProgress
                if !state.isOver {
                    state.token = try loop.watch(socket, readable: true, writable: true) { self.advance() }
                }
                return state.isOver
            }
            if wasOver { finish(.failure(PosixError("connect", ECANCELED))) }
        } catch {
            finish(.failure(error))
        }
    }

    private func advance() {
        let result = state.withLock { state in
            let result = state.advance(isEnough)
            if result == nil, state.unsent.isEmpty, let token = state.token {
                loop.rewatch(state.socket, token, readable: true, writable: false)
            }
            return result
        }
        if let result { finish(result) }
    }

    /// Only the first call counts.
    private func finish(_ result: Result<[UInt8], PosixError>) {
        let continuation = state.withLock { state in
            defer { state.continuation = nil }
            state.isOver = true
            // Under the lock, so that nobody uses a number that is another descriptor's by then.
            if state.socket >= 0 {
                if let token = state.token { loop.forget(state.socket, token) }
                close(state.socket)
            }
            (state.socket, state.token) = (-1, nil)
            return state.continuation
        }
        continuation?.resume(returning: result)
    }
}

extension SocketExchange.State {
    /// `nil` while there is more to wait for.
    fileprivate mutating func advance(_ isEnough: ([UInt8]) -> Bool) -> Result<[UInt8], PosixError>? {
        guard !isOver, socket >= 0 else { return nil }
        if !isConnected {
            let error = cposix_socket_error(socket)
            guard error == 0 else { return .failure(PosixError("connect", error)) }
            isConnected = true
        }
        if isEnough(received) { return .success(received) }
        if !unsent.isEmpty {
            let count = unsent.withUnsafeBytes { cposix_send(socket, $0.baseAddress, $0.count) }
            if count > 0 { unsent = unsent.dropFirst(count) } else if errno != EAGAIN { return failure("send") }
        }
        return receive(isEnough)
    }

    private mutating func receive(_ isEnough: ([UInt8]) -> Bool) -> Result<[UInt8], PosixError>? {
        var bytes = [UInt8](repeating: 0, count: 1024)
        let count = read(socket, &bytes, bytes.count)
        if count == 0 { return .success(received) }
        if count < 0 { return errno == EAGAIN || errno == EINTR ? nil : failure("read") }
        received += bytes.prefix(count)
        return isEnough(received) ? .success(received) : nil
    }

    private func failure(_ call: String) -> Result<[UInt8], PosixError> { .failure(PosixError(call)) }
}
