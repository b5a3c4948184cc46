import KubeModel
import ModelStorage
import NodeAgent
import ServingControllers

/// This machine, for the scheduler: what its pods use, and how large the models in its cache are.
struct LocalMachine: ModelMachine {
    let node: NodeAgent
    let models: ModelCache

    func memory(ofPod pod: ObjectKey) async -> Int? {
        let usage = await node.podUsages().first { $0.key == pod }
        return usage.map { $0.containers.values.reduce(0) { $0 + Int($1.memory) } }
    }

    func bytes(ofModel uri: String) -> Int? { models.byteCount(of: uri).map { Int($0) } }
}
