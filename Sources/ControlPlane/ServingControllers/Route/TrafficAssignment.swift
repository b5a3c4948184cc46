import JSONModel
import KubeModel

/// What `spec.traffic` of a route comes to: a revision for every target, or why not.
struct TrafficAssignment: Sendable {
    /// `nil` where a target has no revision that is ready.
    let targets: [ResolvedTarget]?
    /// `AllTrafficAssigned`.
    let condition: Condition

    init(_ observation: RouteReconciler.Observation) {
        var targets: [ResolvedTarget] = []
        for json in observation.route["spec", "traffic"]?.arrayValue ?? [] {
            switch Self.revision(json, observation) {
            case .success(let revision):
                targets.append(
                    ResolvedTarget(
                        revision: revision, isLatest: json["revisionName"] == nil,
                        percent: json["percent"]?.intValue ?? 0, tag: json["tag"]?.stringValue,
                        configuration: json["revisionName"] == nil
                            ? json["configurationName"]?.stringValue ?? observation.route.name : nil))
            case .failure(let problem):
                (self.targets, condition) = (nil, problem.condition)
                return
            }
        }
        (self.targets, condition) = (targets, Condition("AllTrafficAssigned", "True"))
    }

    private struct Problem: Error {
        var condition: Condition

        init(_ status: String, _ reason: String, _ message: String) {
            condition = Condition("AllTrafficAssigned", status, reason: reason, message: message)
        }
    }

    private static func revision(
        _ target: JSONValue, _ observation: RouteReconciler.Observation
    ) -> Result<String, Problem> {
        guard let name = target["revisionName"]?.stringValue else { return latest(target, observation) }
        guard let revision = observation.revisions.first(where: { $0.name == name }) else {
            return .failure(Problem("False", "RevisionMissing", "revision \"\(name)\" does not exist"))
        }
        switch revision.condition("Ready")?.status {
        case "True": return .success(name)
        case "False": return .failure(Problem("False", "RevisionMissing", "revision \"\(name)\" is not ready"))
        default: return .failure(Problem("Unknown", "RevisionMissing", "revision \"\(name)\" is not ready yet"))
        }
    }

    private static func latest(
        _ target: JSONValue, _ observation: RouteReconciler.Observation
    ) -> Result<String, Problem> {
        let name = target["configurationName"]?.stringValue ?? observation.route.name
        guard let configuration = observation.configurations[name] else {
            return .failure(Problem("False", "ConfigurationMissing", "configuration \"\(name)\" does not exist"))
        }
        if let revision = configuration["status", "latestReadyRevisionName"]?.stringValue {
            return .success(revision)
        }
        let ready = configuration.condition("Ready")
        return .failure(
            Problem(
                ready?.isFalse == true ? "False" : "Unknown", "RevisionMissing",
                ready?.message ?? "configuration \"\(name)\" has no revision that is ready yet"))
    }
}
