import JSONModel
import KubeModel

/// The row of a Pod in `kubectl get pods`.
enum PodTable {
    typealias Column = ResourceDefinition.PrinterColumn

    static let columns = [
        Column("Name", ""), Column("Ready", ""), Column("Status", ""), Column("Restarts", ""), Column("Age", ""),
        Column("IP", "", priority: 1), Column("Node", "", priority: 1), Column("Nominated Node", "", priority: 1),
        Column("Readiness Gates", "", priority: 1),
    ]

    @Sendable static func cells(_ pod: Object, _ now: Int64) -> [JSONValue] {
        let statuses = pod.status["containerStatuses"]?.arrayValue ?? []
        let ready = statuses.count { $0["ready"]?.boolValue == true && $0[path: "state", "running"] != nil }
        let total = pod.spec["containers"]?.arrayValue?.count ?? 0
        return [
            .string(pod.name), "\(ready)/\(total)", .string(status(of: pod)), .string(restarts(statuses, now)),
            .string(pod.age(now)), pod["status", "podIP"] ?? "<none>", pod["spec", "nodeName"] ?? "<none>",
            "<none>", "<none>",
        ]
    }

    /// One word for the state of a pod: the phase, or better what keeps it from running.
    static func status(of pod: Object) -> String {
        let phase = pod.status["phase"]?.stringValue ?? "Pending"
        if pod.isBeingDeleted, phase != "Succeeded", phase != "Failed" { return "Terminating" }
        if let reason = initReason(pod) { return reason }
        let statuses = pod.status["containerStatuses"]?.arrayValue ?? []
        let running = statuses.contains { $0["ready"]?.boolValue == true && $0[path: "state", "running"] != nil }
        let reason = statuses.lazy.compactMap(stopReason).first ?? nonEmpty(pod.status["reason"]) ?? phase
        guard reason == "Completed", running else { return reason }
        return pod.condition("Ready")?.isTrue == true ? "Running" : "NotReady"
    }

    /// `Init:...` while a container that runs before the others has not ended well.
    private static func initReason(_ pod: Object) -> String? {
        let statuses = pod.status["initContainerStatuses"]?.arrayValue ?? []
        let total = max(statuses.count, pod.spec["initContainers"]?.arrayValue?.count ?? 0)
        let open = statuses.firstIndex { $0[path: "state", "terminated", "exitCode"]?.intValue != 0 }
        guard let open else { return nil }
        if let reason = stopReason(statuses[open]), reason != "PodInitializing" { return "Init:\(reason)" }
        return "Init:\(open)/\(total)"
    }

    private static func stopReason(_ status: JSONValue) -> String? {
        if let reason = nonEmpty(status[path: "state", "waiting", "reason"]) { return reason }
        guard let end = status[path: "state", "terminated"] else { return nil }
        if let reason = nonEmpty(end["reason"]) { return reason }
        if let signal = end["signal"]?.intValue, signal != 0 { return "Signal:\(signal)" }
        return "ExitCode:\(end["exitCode"]?.intValue ?? 0)"
    }

    private static func nonEmpty(_ value: JSONValue?) -> String? {
        value?.stringValue.flatMap { $0.isEmpty ? nil : $0 }
    }

    private static func restarts(_ statuses: [JSONValue], _ now: Int64) -> String {
        let count = statuses.reduce(0) { $0 + ($1["restartCount"]?.intValue ?? 0) }
        let ends = statuses.compactMap { $0[path: "lastState", "terminated", "finishedAt"]?.stringValue }
        guard count > 0, let last = ends.compactMap(Timestamp.seconds).max() else { return "\(count)" }
        return "\(count) (\(Age.text(seconds: now - last)) ago)"
    }
}
