import JSONModel
package import KubeModel

/// Why a service is as it is: its state in a sentence, what is not well from the service down to its pods, what to do
/// about the last of that, and what was decided.
package struct Explanation: Sendable, Hashable {
    package let name: String
    package let state: String
    package let causes: [Cause]
    package let remedy: String?
    package let decisions: [Decision]

    /// A condition that is not as it should be.
    package struct Cause: Sendable, Hashable {
        package var kind: String
        package var name: String
        package var condition: Condition

        package init(kind: String, name: String, condition: Condition) {
            self.kind = kind
            self.name = name
            self.condition = condition
        }
    }

    /// An event.
    package struct Decision: Sendable, Hashable {
        /// RFC 3339.
        package var time: String
        package var isWarning: Bool
        package var reason: String
        package var object: String
        package var message: String
        package var count: Int

        package init(_ event: Object) {
            time = event["lastTimestamp"]?.stringValue ?? event["eventTime"]?.stringValue ?? ""
            isWarning = event["type"]?.stringValue == "Warning"
            reason = event["reason"]?.stringValue ?? ""
            let (kind, name) = (
                event["involvedObject", "kind"]?.stringValue, event["involvedObject", "name"]?.stringValue
            )
            object = "\(kind?.lowercased() ?? "")/\(name ?? "")"
            message = event["message"]?.stringValue ?? ""
            count = event["count"]?.intValue ?? 1
        }
    }

    /// - Parameter limit: the most decisions that are told.
    package init(_ parts: ServiceParts, limit: Int) {
        name = parts.service.name
        let pods = parts.parts.filter { $0.kind == "Pod" && !$0.isBeingDeleted }
        state = Self.state(parts.service, pods)
        let newest = parts.service["status", "components", "predictor", "latestCreatedRevision"]?.stringValue
        let chain = parts.parts.filter { Self.matters($0, newest) }
        causes = Self.causes(parts.service) + chain.flatMap(Self.causes)
        remedy = causes.last.flatMap { Remedy.text(for: $0, service: parts.service.name) }
        decisions = Self.decisions(parts.events, limit: limit)
    }

    private static func state(_ service: Object, _ pods: [Object]) -> String {
        let ready = service.condition("Ready")
        let answering = pods.count { $0.condition("Ready")?.isTrue == true }
        guard ready?.isTrue == true else {
            let why = ready?.message ?? ready?.reason ?? "nothing was said of it yet"
            return answering > 0 ? "not ready, though \(answering) replicas run: \(why)" : "not ready: \(why)"
        }
        if answering > 0 { return "ready, with \(answering) \(answering == 1 ? "replica" : "replicas")" }
        return pods.isEmpty ? "ready, at zero: a request will start it" : "ready, and a replica is starting"
    }

    /// What is left of older revisions says nothing of the service as it is.
    private static func matters(_ part: Object, _ newest: String?) -> Bool {
        let revision = part.kind == "Revision" ? part.name : part.labels[ServingKeys.revision]
        return !part.isBeingDeleted && (revision == nil || newest == nil || revision == newest)
    }

    private static func causes(_ object: Object) -> [Cause] {
        let isWorkload = ["Pod", "Deployment"].contains(object.kind)
        let own = object.conditions.filter { condition in
            guard condition.severity == nil, condition.type != "Ready" || isWorkload else { return false }
            return isWorkload ? condition.isFalse : !condition.isTrue
        }
        return (own + containers(object)).map { Cause(kind: object.kind, name: object.name, condition: $0) }
    }

    /// What keeps a pod's containers from running, in the place of a condition.
    private static func containers(_ pod: Object) -> [Condition] {
        let lists = ["initContainerStatuses", "containerStatuses"].flatMap { pod["status", $0]?.arrayValue ?? [] }
        return lists.compactMap { status in
            let state = status["state"] ?? [:]
            let name = status["name"]?.stringValue ?? ""
            if let ended = state["terminated"], ended["exitCode"]?.intValue ?? 0 != 0 {
                return Condition(
                    "Container \(name)", "False", reason: ended["reason"]?.stringValue,
                    message: ended["message"]?.stringValue)
            }
            guard let waiting = state["waiting"] else { return nil }
            let last = status["lastState"]?[path: "terminated", "message"]?.stringValue
            return Condition(
                "Container \(name)", "False", reason: waiting["reason"]?.stringValue,
                message: last ?? waiting["message"]?.stringValue)
        }
    }

    /// Newest first; what is told of several objects is told once, of the one that it happened to.
    private static func decisions(_ events: [Object], limit: Int) -> [Decision] {
        var seen: Set<[String]> = []
        let sorted = events.map(Decision.init).sorted {
            ($0.time, $0.object.hasPrefix("inferenceservice/") ? 0 : 1) > (
                $1.time, $1.object.hasPrefix("inferenceservice/") ? 0 : 1
            )
        }
        return Array(sorted.filter { seen.insert([$0.reason, $0.message]).inserted }.prefix(limit))
    }
}
