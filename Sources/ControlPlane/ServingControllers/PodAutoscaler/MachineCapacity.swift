import JSONModel
import KubeModel

/// How many replicas a machine can hold, by what their pods request.
enum MachineCapacity {
    /// - Parameters:
    ///   - node: the machine; what it has is `status.allocatable`.
    ///   - pods: all pods on it.
    ///   - template: the Deployment whose pods are counted; its own pods take no room from it.
    /// - Returns: `nil` where the pods request nothing that the node counts.
    static func capacity(node: Object, pods: [Object], template deployment: Object) -> Int? {
        let requests = requests(of: deployment["spec", "template", "spec"] ?? [:])
        let others = pods.filter { !deployment.selects($0) && !$0.hasFailed }
        let allocatable = node["status", "allocatable"]
        let fits = requests.compactMap { name, request -> Int? in
            guard request > 0 else { return nil }
            // A device that the machine does not have at all is requested in vain.
            guard let whole = Quantity(allocatable?[name])?.double ?? (isDevice(name) ? 0 : nil) else { return nil }
            let taken = others.reduce(0) { $0 + (Self.requests(of: $1.spec)[name] ?? 0) }
            return max(0, Int(((whole - taken) / request + 1e-9).rounded(.down)))
        }
        return fits.min()
    }

    /// Extended resources: `nvidia.com/gpu`, `amd.com/gpu`, ...
    static func isDevice(_ name: String) -> Bool { name.contains("/") }

    /// By the resource's name; a limit counts where no request is given.
    private static func requests(of spec: JSONValue) -> [String: Double] {
        var sum: [String: Double] = [:]
        for container in spec["containers"]?.arrayValue ?? [] {
            let limits = container["resources"]?["limits"]?.objectValue ?? [:]
            let requests = container["resources"]?["requests"]?.objectValue ?? [:]
            for name in Set(limits.keys + requests.keys) {
                guard let amount = Quantity(requests[name] ?? limits[name])?.double else { continue }
                sum[name, default: 0] += amount
            }
        }
        return sum
    }
}
