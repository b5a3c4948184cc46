import Synchronization

/// What goes on beside a pod's state machine: downloads, probes, timers. Each has a name; a new one of the same name
/// ends the old one.
///
/// These are tasks outside of a task group because each must be cancellable by itself; `endAll` waits for them.
final class Effects<Name: Hashable & Sendable>: Sendable {
    private struct State {
        var tasks: [Name: (number: Int, task: Task<Void, Never>)] = [:]
        var lastNumber = 0
    }

    private let state = Mutex(State())

    func start(_ name: Name, _ body: @escaping @Sendable () async -> Void) {
        cancel(name)
        state.withLock { state in
            state.lastNumber += 1
            let number = state.lastNumber
            state.tasks[name] = (
                number,
                Task {
                    await body()
                    self.ended(name, number)
                }
            )
        }
    }

    func cancel(_ name: Name) { state.withLock { $0.tasks.removeValue(forKey: name) }?.task.cancel() }

    func endAll() async {
        let tasks = state.withLock { state in
            defer { state.tasks = [:] }
            return state.tasks.values.map(\.task)
        }
        for task in tasks { task.cancel() }
        for task in tasks { await task.value }
    }

    private func ended(_ name: Name, _ number: Int) {
        state.withLock { state in
            if state.tasks[name]?.number == number { state.tasks[name] = nil }
        }
    }
}
