import Synchronization

/// The pods that run, by their uid.
final class RunnerTable: Sendable {
    private let runners = Mutex<[String: PodRunner]>([:])

    var all: [PodRunner] { runners.withLock { Array($0.values) } }

    subscript(uid: String) -> PodRunner? { runners.withLock { $0[uid] } }

    func add(_ runner: PodRunner) { runners.withLock { $0[runner.uid] = runner } }

    func remove(_ runner: PodRunner) { runners.withLock { _ = $0.removeValue(forKey: runner.uid) } }
}
