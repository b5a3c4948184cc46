import KubeModel
import ServingAPI
import Synchronization

@testable import NodeAgent

/// Images whose environment is what the test says, and models in a directory.
final class FakeSupplies: PodImages, PodModels, DrainGate {
    struct Failure: Error, CustomStringConvertible { var description: String }

    private struct State {
        var image = ImageEnvironment(entrypoint: [])
        var modelDirectory: String?
        var drained: [String] = []
        var isDrainOpen = true
        var waiting: [CheckedContinuation<Void, Never>] = []
    }

    private let state: Mutex<State>

    init(modelDirectory: String? = nil) { state = Mutex(State(modelDirectory: modelDirectory)) }

    func resolve(_ image: String, progress: @escaping @Sendable (String) -> Void) async throws -> ImageEnvironment {
        if image == "missing" { throw Failure(description: "no HostImage for missing") }
        progress("installing")
        return state.withLock { $0.image }
    }

    func acquire(
        _ parts: [ModelPart], for pod: Object, progress: @escaping @Sendable (String) -> Void
    ) async throws -> PodModel {
        progress("fetched 1 B of 2 B")
        guard let directory = state.withLock({ $0.modelDirectory }) else {
            throw Failure(description: "\(parts.first?.uri ?? ""): no such model")
        }
        return PodModel(directory: directory)
    }

    /// From now on pods have requests in flight.
    func closeDrain() { state.withLock { $0.isDrainOpen = false } }

    func openDrain() {
        let waiting = state.withLock { state in
            state.isDrainOpen = true
            defer { state.waiting = [] }
            return state.waiting
        }
        for continuation in waiting { continuation.resume() }
    }

    /// The uids of pods that were asked about.
    var asked: [String] { state.withLock { $0.drained } }

    func cut(podUID: String) async { openDrain() }

    func drained(podUID: String, address: String) async {
        await withCheckedContinuation { continuation in
            let isOpen = state.withLock { state in
                state.drained.append(podUID)
                if !state.isDrainOpen { state.waiting.append(continuation) }
                return state.isDrainOpen
            }
            if isOpen { continuation.resume() }
        }
    }
}
