import Glibc
import JSONModel
import KubeClient
import KubeModel
import ServingAPI

/// What `martlet top` shows, at one moment.
struct TopPicture: Sendable {
    var services: [Object]
    /// Of the API, one for each service of which something is known.
    var readings: [JSONValue]
    var requests: [JSONValue]
    var machine: JSONValue
    /// Seconds since 1970.
    var now: Int

    static func read(_ connection: Connection, namespace: String?) async throws -> TopPicture {
        func isMeant(_ json: JSONValue) -> Bool { namespace == nil || json["namespace"]?.stringValue == namespace }
        let overview = try await connection.monitoring("services")
        let services = try await connection.client.list(.inferenceServices, namespace: namespace).items
        return TopPicture(
            services: services, readings: (overview["services"]?.arrayValue ?? []).filter(isMeant),
            requests: (overview["requests"]?.arrayValue ?? []).filter(isMeant), machine: overview["machine"] ?? [:],
            now: Int(time(nil)))
    }

    var json: JSONValue {
        ["machine": machine, "services": .array(lines.map(\.json)), "requests": .array(requests)]
    }

    private struct Line {
        var namespace: String
        var service: String
        var state: String
        var reading: JSONValue

        var json: JSONValue {
            var object = reading.objectValue ?? [:]
            object["namespace"] = .string(namespace)
            object["service"] = .string(service)
            object["state"] = .string(state)
            return .object(object)
        }
    }

    /// InferenceServices first of all; then what else is called.
    private var lines: [Line] {
        var readings = Dictionary(
            readings.map { ([$0["namespace"]?.stringValue, $0["service"]?.stringValue], $0) }
        ) { $1 }
        var lines = services.sorted { $0.key < $1.key }.map { service in
            Line(
                namespace: service.namespace ?? "", service: service.name, state: Self.state(service),
                reading: readings.removeValue(forKey: [service.namespace, service.name]) ?? [:])
        }
        for reading in readings.values where reading["requestsPerSecond"] != nil || reading["inFlight"] != 0 {
            lines.append(
                Line(
                    namespace: reading["namespace"]?.stringValue ?? "", service: reading["service"]?.stringValue ?? "",
                    state: "-", reading: reading))
        }
        return lines
    }

    private static func state(_ service: Object) -> String {
        let state = service.json[path: "status", "modelStatus", "states", "activeModelState"]?.stringValue
        guard let ready = service.condition("Ready") else { return state ?? "Pending" }
        if ready.isTrue { return state ?? "Ready" }
        return ready.reason.flatMap { $0.isEmpty ? nil : $0 } ?? state ?? "NotReady"
    }

    func text(_ terminal: Terminal, rows: Int) -> String {
        var text = [terminal.styled(title, .bold), "", table(terminal)]
        if !requests.isEmpty {
            let room = max(3, rows - lines.count - 7)
            text += ["", RequestsRunning.table(Array(requests.prefix(room)), now: now * 1_000)]
            if requests.count > room { text.append("and \(requests.count - room) more requests") }
        }
        return text.joined(separator: "\n")
    }

    private var title: String {
        func number(_ name: String) -> Double? { machine[name]?.doubleValue }
        func gibibytes(_ bytes: Double?) -> String { bytes.map { Self.rounded($0 / 1_073_741_824) } ?? "?" }
        let cores = number("cpuCoresUsed").map(Self.rounded) ?? "?"
        return "martlet top  CPU \(cores) of \(number("cpuCores").map { "\(Int($0))" } ?? "?")   memory "
            + "\(gibibytes(number("memoryUsedBytes"))) of \(gibibytes(number("memoryBytes"))) GiB   "
            + "\(lines.count) models, \(requests.count) requests under way"
    }

    private func table(_ terminal: Terminal) -> String {
        let rows = lines.map { line in
            func number(_ name: String) -> Double? { line.reading[name]?.doubleValue }
            func shown(_ name: String) -> String { number(name).map(Self.rounded) ?? "-" }
            let replicas =
                "\(number("readyReplicas").map { "\(Int($0))" } ?? "0")/"
                + "\(number("desiredReplicas").map { "\(Int($0))" } ?? "0")"
            return [
                line.namespace, line.service, line.state, replicas, shown("inFlight"), shown("waiting"),
                shown("requestsPerSecond"), shown("failuresPerSecond"), shown("tokensPerSecond"),
                number("firstTokenMedianMilliseconds").map(Moments.duration) ?? "-",
                number("firstToken95Milliseconds").map(Moments.duration) ?? "-", shown("cpuCores"),
                number("memoryBytes").map { "\(Int($0 / 1_048_576)) Mi" } ?? "-",
            ]
        }
        guard !rows.isEmpty else { return "There are no models. Deploy one with: martlet apply -f model.yaml" }
        return Table(
            header: [
                "NAMESPACE", "MODEL", "STATE", "REPLICAS", "RUNNING", "WAITING", "REQ/S", "FAIL/S", "TOKENS/S", "TTFT",
                "TTFT P95", "CPU", "MEMORY",
            ], rows: rows
        ).render()
    }

    /// `0`, `0.25`, `12`.
    private static func rounded(_ value: Double) -> String {
        let scaled = value < 10 ? (value * 100).rounded() / 100 : value.rounded()
        return scaled == scaled.rounded() ? "\(Int(scaled))" : "\(scaled)"
    }
}
