import KubeModel
import Synchronization

@testable import ServingControllers

/// A machine whose pods use what the test says.
final class FakeMachine: ModelMachine {
    private struct State {
        var memory: [String: Int] = [:]
        var files: [String: Int] = [:]
    }

    private let state = Mutex(State())

    func memory(ofPod pod: ObjectKey) async -> Int? {
        state.withLock { state in state.memory.first { pod.name.hasPrefix($0.key) }?.value }
    }

    func bytes(ofModel uri: String) -> Int? { state.withLock { $0.files[uri] } }

    /// From now on, of all pods whose names begin with `prefix`.
    func setMemory(_ bytes: Int, ofPods prefix: String) { state.withLock { $0.memory[prefix] = bytes } }

    func setFiles(_ bytes: Int, _ uri: String) { state.withLock { $0.files[uri] = bytes } }
}
