import JSONModel
import KubeModel

/// What a pod needs of its node: what its containers request; of memory, where they request none, what the model took
/// when it ran last, and before it ever ran, the size of its files.
enum PodDemand {
    /// - Parameters:
    ///   - measured: bytes of memory that pods like it had; `nil` where none ran yet.
    ///   - files: bytes of its model's files; `nil` while they are not here.
    static func amounts(of pod: Object, measured: Int?, files: Int?) -> Amounts {
        var sum = Amounts()
        for container in pod.spec["containers"]?.arrayValue ?? [] { sum += requests(container) }
        if sum[Amounts.memory] == 0 { sum[Amounts.memory] = measured ?? files ?? 0 }
        return sum
    }

    /// Whether pods of a template need more than memory: a GPU, or another device.
    static func needsDevice(_ template: JSONValue?) -> Bool {
        let containers = template?["spec"]?["containers"]?.arrayValue ?? []
        return containers.reduce(Amounts()) { $0 + requests($1) }.names.contains { $0 != Amounts.memory }
    }

    /// As Kubernetes: where only a limit is given, it is the request too.
    private static func requests(_ container: JSONValue) -> Amounts {
        let limits = container[path: "resources", "limits"]?.objectValue ?? [:]
        var all = limits
        for member in container[path: "resources", "requests"]?.objectValue ?? [:] { all[member.key] = member.value }
        return Amounts(all)
    }
}
