import Glibc
import JSONModel
import KubeModel

/// What a pod may know of itself: `fieldRef` and `resourceFieldRef` (the downward API).
struct DownwardField {
    var pod: Object
    var container: JSONValue
    var podIP: String

    /// - Throws: `LaunchProblem` for a path that Kubernetes has not either.
    func value(fieldPath path: String) throws(LaunchProblem) -> String {
        switch path {
        case "metadata.name": return pod.name
        case "metadata.namespace": return pod.namespace ?? ""
        case "metadata.uid": return pod.uid
        case "spec.nodeName": return pod["spec", "nodeName"]?.stringValue ?? ""
        case "spec.serviceAccountName": return pod["spec", "serviceAccountName"]?.stringValue ?? "default"
        case "status.podIP", "status.podIPs": return podIP
        case "status.hostIP", "status.hostIPs": return PodStatus.hostIP
        default: break
        }
        if let key = Self.key(path, "metadata.labels") { return pod.labels[key] ?? "" }
        if let key = Self.key(path, "metadata.annotations") { return pod.annotations[key] ?? "" }
        throw .configuration("fieldRef.fieldPath \(path) is not supported")
    }

    /// `metadata.labels['KEY']`.
    private static func key(_ path: String, _ prefix: String) -> String? {
        guard path.hasPrefix("\(prefix)['"), path.hasSuffix("']") else { return nil }
        return String(path.dropFirst(prefix.count + 2).dropLast(2))
    }

    /// `limits.memory` and the like, in units of the divisor, rounded up; without such a limit what the machine has.
    func value(resource: String, divisor: JSONValue?) throws(LaunchProblem) -> String {
        let parts = resource.split(separator: ".", maxSplits: 1).map(String.init)
        guard parts.count == 2, ["limits", "requests"].contains(parts[0]) else {
            throw .configuration("resourceFieldRef.resource \(resource) is not limits.NAME or requests.NAME")
        }
        let quantity = Quantity(container[path: "resources", parts[0], parts[1]])
        let amount = quantity?.double ?? (parts[0] == "limits" ? Self.capacity(parts[1]) : 0)
        let unit = Quantity(divisor)?.double ?? 1
        return String(Int((amount / (unit > 0 ? unit : 1)).rounded(.up)))
    }

    private static func capacity(_ resource: String) -> Double {
        switch resource {
        case "cpu": Double(max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN))))
        case "memory": Double(sysconf(Int32(_SC_PHYS_PAGES))) * Double(sysconf(Int32(_SC_PAGESIZE)))
        default: 0
        }
    }
}

/// Why a container cannot be started now; it is tried again.
struct LaunchProblem: Error, Hashable, CustomStringConvertible {
    /// The waiting container's reason: a word of the kubelet.
    var reason: String
    var description: String

    /// The manifest names something that is not there.
    static func configuration(_ message: String) -> LaunchProblem {
        LaunchProblem(reason: "CreateContainerConfigError", description: message)
    }

    /// The machine does not let it start.
    static func machine(_ message: String) -> LaunchProblem {
        LaunchProblem(reason: "CreateContainerError", description: message)
    }
}
