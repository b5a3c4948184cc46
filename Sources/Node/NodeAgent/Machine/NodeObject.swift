import JSONModel
import KubeModel
import ServingAPI

/// The Node object of this machine, in the kubelet's words. Pure.
struct NodeObject: Sendable {
    /// As the kubelet's: pods are not limited by anything else here.
    static let podLimit = 110
    /// What the kubelet's default thresholds keep free (evictionHard): 100 MiB, a tenth of the storage, a twentieth of
    /// the inodes.
    static let reservedMemory = 100 << 20
    private static let reservedStorage = 0.1
    private static let reservedInodes = 0.05

    var name: String
    var version: String
    var identity: MachineIdentity
    var readings: MachineReadings
    /// The most bytes of memory that pods may be given together.
    var memoryLimit: Int?

    /// What is written once; labels of others stay.
    var object: Object {
        var node = Object(.nodes, name: name)
        node.labels = labels
        node.spec = [:]
        return node
    }

    var labels: [String: String] {
        [
            "kubernetes.io/hostname": name, "kubernetes.io/os": "linux",
            "kubernetes.io/arch": identity.architecture, "node-role.kubernetes.io/control-plane": "",
        ]
    }

    /// `node` with the status that it ought to have now.
    ///
    /// - Parameter now: microseconds since 1970.
    func applied(to node: Object, now: Int64) -> Object {
        var node = node
        for (key, value) in resources { node["status", key] = value }
        node["status", "addresses"] = [
            ["type": "InternalIP", "address": .string(PodStatus.hostIP)],
            ["type": "Hostname", "address": .string(name)],
        ]
        node["status", "nodeInfo"] = info
        node["status", "daemonEndpoints"] = ["kubeletEndpoint": ["Port": 0]]
        let time = PodStatus.time(now)
        node.setConditions(conditions, now: time)
        node["status", "conditions"] = .array(
            (node["status", "conditions"]?.arrayValue ?? []).map { condition in
                condition.merging(patch: ["lastHeartbeatTime": .string(time)])
            })
        return node
    }

    private var resources: [(String, JSONValue)] {
        func quantity(_ bytes: Int) -> JSONValue { .string("\(max(0, bytes) / 1_024)Ki") }
        let counted: JSONValue = ["cpu": .string("\(readings.processors)"), "pods": .string("\(Self.podLimit)")]
        let capacity: JSONValue = [
            "memory": quantity(readings.memory), "ephemeral-storage": quantity(readings.storage),
        ]
        let allocatable: JSONValue = [
            "memory": quantity(min(readings.memory - Self.reservedMemory, memoryLimit ?? .max)),
            "ephemeral-storage": .string("\(Int(Double(readings.storage) * (1 - Self.reservedStorage)))"),
        ]
        return [
            ("capacity", counted.merging(patch: capacity)), ("allocatable", counted.merging(patch: allocatable)),
        ]
    }

    private var info: JSONValue {
        [
            "architecture": .string(identity.architecture), "bootID": .string(identity.bootID),
            "containerRuntimeVersion": .string("martlet://\(version)"), "kernelVersion": .string(identity.kernel),
            "kubeProxyVersion": "", "kubeletVersion": .string(version), "machineID": .string(identity.machineID),
            "operatingSystem": "linux", "osImage": .string(identity.system), "systemUUID": .string(identity.machineID),
        ]
    }

    private var conditions: [Condition] {
        let isDiskFull =
            readings.storageAvailable < Int(Double(readings.storage) * Self.reservedStorage)
            || readings.inodesAvailable < Int(Double(readings.inodes) * Self.reservedInodes)
        return [
            pressure(
                "MemoryPressure", readings.memory > 0 && readings.memoryAvailable < Self.reservedMemory,
                ["KubeletHasInsufficientMemory", "KubeletHasSufficientMemory"],
                "\(readings.memoryAvailable >> 20) MiB of memory are available"),
            pressure(
                "DiskPressure", isDiskFull, ["KubeletHasDiskPressure", "KubeletHasNoDiskPressure"],
                "\(readings.storageAvailable >> 30) GiB of storage are available"),
            pressure(
                "PIDPressure", readings.processLimit > 0 && readings.processes * 10 > readings.processLimit * 9,
                ["KubeletHasInsufficientPID", "KubeletHasSufficientPID"],
                "at most \(readings.processLimit) processes can run"),
            Condition("Ready", "True", reason: "KubeletReady", message: "Martlet runs pods on this machine"),
        ]
    }

    private func pressure(_ type: String, _ isPressed: Bool, _ reasons: [String], _ message: String) -> Condition {
        Condition(type, isPressed ? "True" : "False", reason: isPressed ? reasons[0] : reasons[1], message: message)
    }
}
