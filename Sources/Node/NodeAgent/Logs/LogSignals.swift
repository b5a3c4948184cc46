import Synchronization

/// Tells readers that follow a log when there is more of it, and when there will be no more.
final class LogSignals: Sendable {
    private struct State {
        var open: Set<String> = []
        var readers: [String: [Int: AsyncStream<Void>.Continuation]] = [:]
        var lastReader = 0
    }

    private let state = Mutex(State())

    func opened(_ path: String) { state.withLock { _ = $0.open.insert(path) } }

    func changed(_ path: String) {
        for reader in state.withLock({ $0.readers[path] ?? [:] }).values { reader.yield() }
    }

    func closed(_ path: String) {
        state.withLock { _ = $0.open.remove(path) }
        changed(path)
    }

    /// Whether the log may still grow.
    func isOpen(_ path: String) -> Bool { state.withLock { $0.open.contains(path) } }

    /// One element for any number of changes since the last: read to the end of the file after each.
    func changes(_ path: String) -> AsyncStream<Void> {
        let (changes, reader) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        let number = state.withLock { state in
            state.lastReader += 1
            state.readers[path, default: [:]][state.lastReader] = reader
            return state.lastReader
        }
        reader.onTermination = { [weak self] _ in
            self?.state.withLock { state in
                state.readers[path]?[number] = nil
                if state.readers[path]?.isEmpty == true { state.readers[path] = nil }
            }
        }
        return changes
    }
}
