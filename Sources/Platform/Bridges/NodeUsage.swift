import APIServer
import KubeModel
import NodeAgent

/// What this machine and its pods use, for the API server's `metrics.k8s.io`.
struct NodeUsage: UsageSource {
    let node: NodeAgent

    func nodes() async -> [String: ResourceUsage] {
        guard let usage = await node.usage() else { return [:] }
        return [StandaloneParts.nodeName: ResourceUsage(usage)]
    }

    func pods() async -> [ObjectKey: [String: ResourceUsage]] {
        let usages = await node.podUsages().map { ($0.key, $0.containers.mapValues(ResourceUsage.init)) }
        return Dictionary(usages) { $1 }
    }
}

extension ResourceUsage {
    fileprivate init(_ usage: Usage) {
        self.init(nanocores: usage.nanocores, memory: usage.memory, window: usage.window)
    }
}
