import JSONModel

/// A readiness, liveness or startup probe of a container.
struct Probe: Sendable, Hashable {
    enum Action: Sendable, Hashable {
        case httpGet(path: String, port: Int, headers: [String])
        case tcp(port: Int)
        /// In the container; 0 is success.
        case exec(command: [String])
    }

    var action: Action
    /// Before the first check, as the manifest asks.
    var initialDelay: Duration = .zero
    /// Between checks; `nil`: as often as is useful.
    var period: Duration?
    var timeout: Duration = .seconds(1)
    var successThreshold = 1
    var failureThreshold = 3

    init(_ action: Action) { self.action = action }

    /// - Parameters:
    ///   - json: `spec.containers[*].readinessProbe` or its like.
    ///   - container: for the names of its ports, and its first port where the probe has none (Knative's way).
    /// - Throws: `ProbeProblem` for what this node cannot check.
    init(_ json: JSONValue, container: JSONValue) throws(ProbeProblem) {
        if let get = json["httpGet"] {
            guard get["scheme"]?.stringValue ?? "HTTP" == "HTTP" else {
                throw ProbeProblem("httpGet.scheme HTTPS is not supported yet: use HTTP or tcpSocket")
            }
            let headers = (get["httpHeaders"]?.arrayValue ?? []).map {
                "\($0["name"]?.stringValue ?? ""): \($0["value"]?.stringValue ?? "")"
            }
            guard headers.allSatisfy({ !$0.utf8.contains { $0 == 10 || $0 == 13 } }) else {
                throw ProbeProblem("httpGet.httpHeaders must not contain line breaks")
            }
            action = .httpGet(
                path: get["path"]?.stringValue ?? "/", port: try Self.port(get["port"], container), headers: headers)
        } else if let socket = json["tcpSocket"] {
            action = .tcp(port: try Self.port(socket["port"], container))
        } else if let words = json[path: "exec", "command"]?.arrayValue?.compactMap(\.stringValue), !words.isEmpty {
            action = .exec(command: words)
        } else {
            let kind = json["grpc"] != nil ? "grpc" : "such"
            throw ProbeProblem("\(kind) probes are not supported yet: use httpGet, tcpSocket or exec")
        }
        initialDelay = .seconds(json["initialDelaySeconds"]?.intValue ?? 0)
        period = json["periodSeconds"]?.intValue.flatMap { $0 > 0 ? .seconds($0) : nil }
        timeout = .seconds(max(1, json["timeoutSeconds"]?.intValue ?? 1))
        successThreshold = max(1, json["successThreshold"]?.intValue ?? 1)
        failureThreshold = max(1, json["failureThreshold"]?.intValue ?? 3)
    }

    /// How long to wait between checks of a container that is not known to be ready: a command is not started as often
    /// as a connection is tried.
    func interval(starting: Duration) -> Duration {
        let interval = ProbeSchedule.interval(starting: starting)
        if case .exec = action { return max(.milliseconds(500), interval) }
        return interval
    }

    private static func port(_ value: JSONValue?, _ container: JSONValue) throws(ProbeProblem) -> Int {
        let ports = container["ports"]?.arrayValue ?? []
        let port: Int?
        switch value?.stringValue {
        case let name? where Int(name) == nil:
            port = ports.first { $0["name"]?.stringValue == name }?["containerPort"]?.intValue
        case let digits?: port = Int(digits)
        case nil: port = value?.intValue
        }
        guard let port, port != 0 else {
            guard value == nil || port == 0, let first = ports.first?["containerPort"]?.intValue else {
                throw ProbeProblem("port \(value?.text ?? "(none)") is no port of the container")
            }
            return first
        }
        guard (1...65_535).contains(port) else { throw ProbeProblem("port \(port) is not between 1 and 65535") }
        return port
    }
}

/// Why a probe cannot be run.
struct ProbeProblem: Error, Hashable, CustomStringConvertible {
    var description: String
    init(_ description: String) { self.description = description }
}
