import JSONModel
import KubeModel
import ServingAPI

enum RoutePlanner {
    static func plan(_ observation: RouteReconciler.Observation) -> Plan {
        let assignment = TrafficAssignment(observation)
        let rollouts = assignment.targets.map { decide(observation, $0) }
        let targets = rollouts?.targets ?? observation.held
        var plan = Plan()
        plan.blames = "AllTrafficAssigned"
        plan.status = status(observation, targets, rollouts?.all)
        plan.conditions = conditions(observation, assignment.condition, rollouts)
        plan.lookAgain = rollouts?.nextLook(at: observation.now)
        plan.notices = RolloutNotices.all(observation.rollouts, rollouts?.all ?? [], observation.rolloutDuration)
        return plan
    }

    private static func decide(
        _ observation: RouteReconciler.Observation, _ targets: [ResolvedTarget]
    ) -> RouteRollouts {
        let host = observation.hosts.host(ofRoute: observation.route)
        return RouteRollouts(
            targets, held: observation.held, stored: observation.rollouts,
            revisions: Dictionary(observation.revisions.map { ($0.name, $0) }) { $1 },
            at: Rollout.Moment(now: observation.now, duration: observation.rolloutDuration),
            serves: { observation.serves(host, $0) })
    }

    /// - Parameter rollouts: `nil` while the new traffic cannot be assigned: the old one flows on as it is.
    private static func status(
        _ observation: RouteReconciler.Observation, _ targets: [ResolvedTarget], _ rollouts: [Rollout]?
    ) -> JSONValue {
        let (route, hosts) = (observation.route, observation.hosts)
        func url(_ tag: String?) -> JSONValue {
            .string(hosts.url(hosts.host(ofRoute: route, tag: tag), of: route))
        }
        var status: JSONValue = [
            "observedGeneration": .number(JSONNumber(route.generation)), "url": url(nil),
            "address": ["url": .string(hosts.clusterURL(route.name, of: route))],
        ]
        if let text = RolloutText.write(rollouts ?? observation.rollouts) {
            status["annotations"] = [Annotation.rollout: .string(text)]
        }
        guard !targets.isEmpty else { return status }
        status["traffic"] = .array(
            targets.map { target in target.json(url: target.tag.flatMap { url($0).stringValue }) })
        return status
    }

    private static func conditions(
        _ observation: RouteReconciler.Observation, _ assigned: Condition, _ rollouts: RouteRollouts?
    ) -> [Condition] {
        let parts = [
            assigned,
            assigned.isTrue
                ? ingressReady(observation, rollouts)
                : Condition("IngressReady", "Unknown", reason: assigned.reason, message: assigned.message),
            Condition("CertificateProvisioned", "True", reason: "TLSNotEnabled"),
        ]
        return parts + [.summary(of: parts)]
    }

    /// True only when the gateway itself says that it would send a request of every host to its revision, and all of the
    /// traffic is where it is to be.
    private static func ingressReady(
        _ observation: RouteReconciler.Observation, _ rollouts: RouteRollouts?
    ) -> Condition {
        if let missing = rollouts?.targets.first(where: { !isServed($0, observation) }) {
            return Condition(
                "IngressReady", "Unknown", reason: "Uninitialized",
                message: "the gateway has yet to serve revision \"\(missing.revision)\"")
        }
        if let targets = rollouts?.targets, !isSplit(targets, observation) {
            return Condition(
                "IngressReady", "Unknown", reason: "Uninitialized",
                message: "the gateway has yet to split the traffic as the route says")
        }
        guard let moving = rollouts?.moving, let newest = moving.shares.last else {
            return Condition("IngressReady", "True")
        }
        let held = moving.isHeld ? "; it waits until that revision is ready again" : ""
        return Condition(
            "IngressReady", "Unknown", reason: "RolloutInProgress",
            message: "revision \"\(newest.revision)\" has \(newest.percent) of \(moving.percent) % so far\(held)")
    }

    private static func isServed(_ target: ResolvedTarget, _ observation: RouteReconciler.Observation) -> Bool {
        let (route, hosts) = (observation.route, observation.hosts)
        let isOnMain = target.percent > 0
        let main = !isOnMain || observation.serves(hosts.host(ofRoute: route), target.revision)
        let tagged = target.tag.map { observation.serves(hosts.host(ofRoute: route, tag: $0), target.revision) }
        return main && tagged != false
    }

    private static func isSplit(_ targets: [ResolvedTarget], _ observation: RouteReconciler.Observation) -> Bool {
        let routed = targets.filter { $0.percent > 0 }.map { ($0.revision, $0.percent) }
        let shares = Dictionary(routed, uniquingKeysWith: +)
        return shares.isEmpty || observation.splits(observation.hosts.host(ofRoute: observation.route), shares)
    }
}
