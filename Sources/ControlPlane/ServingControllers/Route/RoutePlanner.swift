import JSONModel
import KubeModel
import ServingAPI

enum RoutePlanner {
    static func plan(
        _ observation: RouteReconciler.Observation, _ settings: ServingSettings, now: String
    ) -> Plan {
        let assignment = TrafficAssignment(observation)
        let targets = assignment.targets ?? assignedBefore(observation.route)
        var plan = Plan()
        plan.blames = "AllTrafficAssigned"
        plan.change = routingStates(observation, targets, now: now)
        plan.status = status(observation.route, targets, settings)
        plan.conditions = conditions(observation, assignment, settings)
        return plan
    }

    /// While the new traffic cannot be assigned, the old one flows on.
    private static func assignedBefore(_ route: Object) -> [ResolvedTarget] {
        (route["status", "traffic"]?.arrayValue ?? []).compactMap(ResolvedTarget.init)
    }

    private static func status(_ route: Object, _ targets: [ResolvedTarget], _ settings: ServingSettings) -> JSONValue {
        let namespace = route.namespace ?? ""
        var status: JSONValue = [
            "observedGeneration": .number(JSONNumber(route.generation)),
            "url": .string(settings.url(host: settings.routeHost(route.name, namespace: namespace))),
            "address": ["url": .string("http://\(settings.clusterHost(route.name, namespace: namespace))")],
        ]
        guard !targets.isEmpty else { return status }
        status["traffic"] = .array(
            targets.map { target in
                target.json(
                    url: target.tag.map {
                        settings.url(host: settings.tagHost($0, route.name, namespace: namespace))
                    })
            })
        return status
    }

    private static func conditions(
        _ observation: RouteReconciler.Observation, _ assignment: TrafficAssignment, _ settings: ServingSettings
    ) -> [Condition] {
        let assigned = assignment.condition
        let parts = [
            assigned,
            assigned.isTrue
                ? ingressReady(observation, assignment.targets ?? [], settings)
                : Condition("IngressReady", "Unknown", reason: assigned.reason, message: assigned.message),
            Condition("CertificateProvisioned", "True", reason: "TLSNotEnabled"),
        ]
        return parts + [.summary(of: parts)]
    }

    /// True only when the gateway itself says that it would send a request of every host to its revision.
    private static func ingressReady(
        _ observation: RouteReconciler.Observation, _ targets: [ResolvedTarget], _ settings: ServingSettings
    ) -> Condition {
        let (name, namespace) = (observation.route.name, observation.route.namespace ?? "")
        let missing = targets.first { target in
            let isOnMain = target.percent > 0
            let main = !isOnMain || observation.serves(settings.routeHost(name, namespace: namespace), target.revision)
            let tagged = target.tag.map {
                observation.serves(settings.tagHost($0, name, namespace: namespace), target.revision)
            }
            return !main || tagged == false
        }
        guard let missing else { return Condition("IngressReady", "True") }
        return Condition(
            "IngressReady", "Unknown", reason: "Uninitialized",
            message: "the gateway has yet to serve revision \"\(missing.revision)\"")
    }

    /// A revision is `active` while traffic or a tag leads to it, `reserve` after that; a new one stays `pending`.
    private static func routingStates(
        _ observation: RouteReconciler.Observation, _ targets: [ResolvedTarget], now: String
    ) -> [Plan.Change] {
        let routed = Set(targets.map(\.revision))
        return observation.revisions.compactMap { revision in
            let state = revision.labels[ServingKeys.routingState] ?? "pending"
            let isRouted = routed.contains(revision.name)
            guard !revision.isBeingDeleted, isRouted ? state != "active" : state == "active" else { return nil }
            let metadata: JSONValue = [
                "labels": [ServingKeys.routingState: isRouted ? "active" : "reserve"],
                "annotations": [Annotation.routingStateModified: .string(now)],
            ]
            return Plan.Change(resource: .revisions, key: revision.key, fields: ["metadata": metadata])
        }
    }
}
