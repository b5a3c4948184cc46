import CPosix
import Glibc
import Synchronization

/// One thread that waits for any number of descriptors and calls their handlers, one at a time.
///
/// Level-triggered: a handler that leaves bytes unread is called again, after the others had their turn. Handlers must
/// not block.
final class DescriptorLoop: Sendable {
    typealias Handler = @Sendable () -> Void

    /// What a watched descriptor is known by; never used twice.
    struct Token: Hashable, Sendable {
        fileprivate var number: UInt64
    }

    private struct State {
        var handlers: [UInt64: Handler] = [:]
        var submitted: [Handler] = []
        var lastToken: UInt64 = 0
    }

    private let epoll: Int32
    private let wakeUp: Pipe
    private let state = Mutex(State())

    init(name: String) throws(PosixError) {
        epoll = cposix_epoll_create()
        guard epoll >= 0 else { throw PosixError("epoll_create") }
        wakeUp = try Pipe()
        wakeUp.makeNonBlocking(wakeUp.reading)
        guard cposix_epoll_add(epoll, wakeUp.reading, true, false, 0) == 0 else { throw PosixError("epoll_ctl") }
        // The thread holds no reference to the loop, so that the loop's end is the thread's.
        try Threads.start(name: name) { [epoll, bell = wakeUp.reading, weak self] in
            while Self.wait(on: epoll, for: { self }) {}
            close(epoll)
            close(bell)
        }
    }

    deinit {
        close(wakeUp.writing)
    }

    /// Calls `handler` whenever `descriptor` is ready (or at its end), until `forget`.
    func watch(
        _ descriptor: Int32, readable: Bool = true, writable: Bool = false, _ handler: @escaping Handler
    ) throws(PosixError) -> Token {
        let number = state.withLock { state in
            state.lastToken += 1
            state.handlers[state.lastToken] = handler
            return state.lastToken
        }
        guard cposix_epoll_add(epoll, descriptor, readable, writable, number) == 0 else {
            let error = PosixError("epoll_ctl")
            state.withLock { $0.handlers[number] = nil }
            throw error
        }
        return Token(number: number)
    }

    /// Changes what the descriptor is watched for.
    func rewatch(_ descriptor: Int32, _ token: Token, readable: Bool, writable: Bool) {
        _ = cposix_epoll_modify(epoll, descriptor, readable, writable, token.number)
    }

    /// To be called before the descriptor is closed. The handler is not called again by this loop's thread.
    func forget(_ descriptor: Int32, _ token: Token) {
        _ = cposix_epoll_remove(epoll, descriptor)
        state.withLock { $0.handlers[token.number] = nil }
    }

    /// Runs `work` on the loop's thread, after what was submitted before.
    func submit(_ work: @escaping Handler) {
        state.withLock { $0.submitted.append(work) }
        wakeUp.ring()
    }

    private static func wait(on epoll: Int32, for loop: () -> DescriptorLoop?) -> Bool {
        var ready = [cposix_ready](repeating: cposix_ready(), count: 64)
        let count = cposix_epoll_wait(epoll, &ready, 64)
        guard count >= 0, let loop = loop() else { return false }
        for entry in ready.prefix(Int(count)) { loop.handle(entry.token) }
        return true
    }

    private func handle(_ token: UInt64) {
        if token == 0 {
            wakeUp.silence()
            for work in state.withLock({ state in
                defer { state.submitted = [] }
                return state.submitted
            }) { work() }
        } else {
            state.withLock { $0.handlers[token] }?()
        }
    }
}
