import Synchronization

/// Waits until every listener listens, then tells once.
final class ListeningPorts: Sendable {
    private struct State {
        var ports: [String: Int] = [:]
        var hasTold = false
    }

    private let expected: Set<String>
    private let onComplete: @Sendable ([String: Int]) -> Void
    private let state = Mutex(State())

    init(_ expected: Set<String>, onComplete: @escaping @Sendable ([String: Int]) -> Void) {
        self.expected = expected
        self.onComplete = onComplete
    }

    /// Whether everything listens.
    var isComplete: Bool { state.withLock { $0.hasTold } }

    func opened(_ listener: String, port: Int) {
        let ports = state.withLock { state -> [String: Int]? in
            state.ports[listener] = port
            guard !state.hasTold, Set(state.ports.keys) == expected else { return nil }
            state.hasTold = true
            return state.ports
        }
        if let ports { onComplete(ports) }
    }
}
