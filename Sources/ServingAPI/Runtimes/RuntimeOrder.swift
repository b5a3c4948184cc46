import KubeModel

/// Which of several fitting runtimes comes first: the namespace's before the cluster's whatever their priorities; then
/// the highest priority (none is lowest), the lowest protocol, the newest, the name.
enum RuntimeOrder {
    static let protocols = ["v1", "v2", "grpc-v1", "grpc-v2"]

    static func sorted(_ runtimes: [ServingRuntime], format: String) -> [ServingRuntime] {
        runtimes.sorted { left, right in
            if left.isClusterScoped != right.isClusterScoped { return right.isClusterScoped }
            let (l, r) = (priority(left, format), priority(right, format))
            if l != r { return l > r }
            if rank(left) != rank(right) { return rank(left) < rank(right) }
            let (older, newer) = (left.object.creationTimestamp ?? "", right.object.creationTimestamp ?? "")
            return older == newer ? left.name < right.name : older > newer
        }
    }

    /// `nil` if the runtime lists none that is known.
    static func lowestProtocol(_ runtime: ServingRuntime) -> String? {
        protocols.first(where: runtime.protocolVersions.contains)
    }

    private static func rank(_ runtime: ServingRuntime) -> Int {
        lowestProtocol(runtime).flatMap(protocols.firstIndex) ?? protocols.count
    }

    /// Of the first entry with that name, whatever its version.
    private static func priority(_ runtime: ServingRuntime, _ format: String) -> Int {
        runtime.formats.first { $0.name == format }?.priority ?? 0
    }
}
