package import KubeModel

/// What a container uses of the machine, over the last moments.
package struct ContainerUsage: Sendable, Hashable {
    /// Thousandths of a processor.
    package var millicores: Double
    /// Bytes of memory.
    package var memory: Double

    package init(millicores: Double, memory: Double) {
        self.millicores = millicores
        self.memory = memory
    }
}

/// What pods use, as the node measures it; what `metrics.k8s.io` answers.
package protocol PodUsageSource: Sendable {
    /// By the pod's key, then by container. A pod of which nothing is known is not there.
    func podUsages() async -> [ObjectKey: [String: ContainerUsage]]
}
