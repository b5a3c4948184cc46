import JSONModel
import KubeModel

/// What `pods/<name>/proxy` and `services/<name>/proxy` name: `[SCHEME:]NAME[:PORT]`.
struct ProxyTarget: Sendable, Hashable {
    var name: String
    /// A number, or a name; `nil` for the first.
    var port: String?

    /// - Throws: 400 where it is none, or a scheme other than http.
    init(_ text: String) throws(Status) {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        switch parts.count {
        case 1: (name, port) = (parts[0], nil)
        case 2: (name, port) = (parts[0], parts[1].isEmpty ? nil : parts[1])
        case 3 where parts[0] == "http" || parts[0].isEmpty:
            (name, port) = (parts[1], parts[2].isEmpty ? nil : parts[2])
        case 3 where parts[0] == "https":
            throw .badRequest("the server connects to pods by http only: leave the https: of \(text) out")
        default: throw .badRequest("invalid request \"\(text)\": it is not [SCHEME:]NAME[:PORT]")
        }
    }
}

extension Object {
    /// A number of a port of this pod.
    ///
    /// - Parameter wanted: a number or the name of a container's port; `nil` for the first.
    /// - Throws: 400 where it has none such.
    func podPort(_ wanted: String?) throws(Status) -> Int {
        if let wanted, let number = Int(wanted) {
            guard (1...65_535).contains(number) else { throw .badRequest("\(wanted) is not a port") }
            return number
        }
        let ports = (spec["containers"]?.arrayValue ?? []).flatMap { $0["ports"]?.arrayValue ?? [] }
        let port = ports.first { wanted == nil || $0["name"]?.stringValue == wanted }
        if let number = port?["containerPort"]?.intValue { return number }
        guard wanted == nil else { throw .badRequest("pod \(name) has no port \(wanted ?? "")") }
        return 80
    }

    /// The port of this service that is wanted; `nil` for its only one.
    ///
    /// - Throws: 503, as Kubernetes, where it has none such.
    func servicePort(_ wanted: String?) throws(Status) -> JSONValue {
        let ports = spec["ports"]?.arrayValue ?? []
        let found = ports.first { port in
            guard let wanted else { return ports.count == 1 }
            return port["name"]?.stringValue == wanted || port["port"]?.intValue == Int(wanted)
        }
        guard let found else {
            throw Status(
                code: 503, reason: "ServiceUnavailable",
                message: "no service port \"\(wanted ?? "")\" found for service \"\(name)\"")
        }
        return found
    }
}
