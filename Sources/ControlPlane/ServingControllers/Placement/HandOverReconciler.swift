import JSONModel
import KubeController
import KubeModel
import ServingAPI

/// Ends a hand-over that is under way: the new revision is ready, or it has failed and the old one shall come back.
struct HandOverReconciler: Reconciler {
    struct Observation: Sendable {
        var revision: Object
        var pods: [Object]
    }

    static let resource = Resource.revisions
    static let fieldManager = "martlet-hand-over"
    static let looksTwice = false
    let bench: Workbench

    func observe(_ revision: Object) -> Observation {
        let pods = bench.store(.pods).labelled(ServingKeys.revision, revision.name)
        return Observation(revision: revision, pods: pods.filter { $0.namespace == revision.namespace })
    }

    func plan(_ observation: Observation) -> Plan {
        let revision = observation.revision
        guard let old = revision.annotations[ServingKeys.handOverFrom] else { return Plan() }
        if revision.isReady {
            return Self.end(
                revision, ["metadata": ["annotations": [ServingKeys.handOverFrom: .null]]],
                Plan.Notice(
                    isWarning: false, reason: "HandedOver",
                    message: "\(revision.name) is ready in the place of \(old)", reachesService: true))
        }
        guard let failure = Self.failure(observation) else { return Plan() }
        let annotations: JSONValue = [ServingKeys.handOverFrom: .null, ServingKeys.handOverFailed: .string(failure)]
        return Self.end(
            revision, ["metadata": ["annotations": annotations]],
            Plan.Notice(
                isWarning: true, reason: "HandOverFailed",
                message: "\(old) comes back, because \(revision.name) failed: \(failure)", reachesService: true))
    }

    private static func end(_ revision: Object, _ fields: JSONValue, _ notice: Plan.Notice) -> Plan {
        var plan = Plan()
        plan.change = [Plan.Change(resource: .revisions, key: revision.key, fields: fields)]
        plan.notices = [notice]
        return plan
    }

    /// A server that ends is started once more before that counts: what waits for a port or a file works then.
    private static func failure(_ observation: Observation) -> String? {
        let conditions = [
            observation.revision.condition("ResourcesAvailable"), observation.revision.condition("ContainerHealthy"),
        ]
        guard let failed = conditions.compactMap(\.self).first(where: \.isFalse) else { return nil }
        let isOver = failed.type == "ResourcesAvailable" || observation.pods.contains(where: \.isInCrashLoop)
        guard isOver else { return nil }
        return [failed.reason, failed.message].compactMap(\.self).joined(separator: ": ")
    }
}

extension Object {
    /// Of a pod: whether a container of it ended more than once.
    var isInCrashLoop: Bool {
        (self["status", "containerStatuses"]?.arrayValue ?? []).contains { status in
            status["restartCount"]?.intValue ?? 0 >= 2
                || status["state"]?[path: "waiting", "reason"]?.stringValue == "CrashLoopBackOff"
        }
    }
}
