package import KubeModel

/// What nodes and pods use, as `metrics.k8s.io` tells it. Platform joins the node to the server.
package protocol UsageSource: Sendable {
    /// By the node's name.
    func nodes() async -> [String: ResourceUsage]
    /// By the pod's key, then by container.
    func pods() async -> [ObjectKey: [String: ResourceUsage]]
}

/// No node: nothing is known.
package struct NoUsage: UsageSource {
    package init() {}

    package func nodes() async -> [String: ResourceUsage] { [:] }
    package func pods() async -> [ObjectKey: [String: ResourceUsage]] { [:] }
}

/// What something uses, over a window that ended just now.
package struct ResourceUsage: Sendable, Hashable {
    /// Billionths of a processor.
    package var nanocores: Int64
    /// Bytes of the working set.
    package var memory: Int64
    package var window: Duration

    package init(nanocores: Int64, memory: Int64, window: Duration) {
        self.nanocores = nanocores
        self.memory = memory
        self.window = window
    }
}
