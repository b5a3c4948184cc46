import KubeModel
import NodeAgent
import ServingControllers

/// What the node measures of its pods, for the HorizontalPodAutoscalers.
struct NodePodUsage: PodUsageSource {
    let node: NodeAgent

    func podUsages() async -> [ObjectKey: [String: ContainerUsage]] {
        let usages = await node.podUsages().map { ($0.key, $0.containers.mapValues(ContainerUsage.init)) }
        return Dictionary(usages) { $1 }
    }
}

extension ContainerUsage {
    fileprivate init(_ usage: Usage) {
        self.init(millicores: Double(usage.nanocores) / 1e6, memory: Double(usage.memory))
    }
}
