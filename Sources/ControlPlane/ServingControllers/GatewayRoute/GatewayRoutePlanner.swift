import JSONModel
import KubeModel
import ServingAPI

/// What is said of a route to each of the gateways that it names. All of them are the one gateway of this machine.
enum GatewayRoutePlanner {
    static let controllerName = "martlet.dev/gateway"

    static func plan(_ observation: GatewayRouteObservation, now: String) -> Plan {
        let route = observation.route
        var plan = Plan()
        let others = (route["status", "parents"]?.arrayValue ?? []).filter {
            $0["controllerName"]?.stringValue != controllerName
        }
        let parents = GatewayRoute(route).parents.map { parent in
            status(of: parent, route, [accepted, resolved(observation.backends)], now: now)
        }
        plan.status = ["parents": .array(others + parents)]
        return plan
    }

    /// Admission lets pass only what the gateway can do.
    private static let accepted = Condition("Accepted", "True", reason: "Accepted")

    private static func resolved(_ backends: [BackendState]) -> Condition {
        func failed(_ reason: String, _ message: String) -> Condition {
            Condition("ResolvedRefs", "False", reason: reason, message: message)
        }
        switch backends.first(where: { $0 != .found }) {
        case .ofWrongKind(let kind): return failed("InvalidKind", "\(kind) cannot be a backend; name a Service")
        case .notPermitted(let key):
            return failed(
                "RefNotPermitted",
                "\(key) is in another namespace; make a ReferenceGrant there that lets this route name it")
        case .missing(let key): return failed("BackendNotFound", "there is no Service \(key)")
        case .found, nil: return Condition("ResolvedRefs", "True", reason: "ResolvedRefs")
        }
    }

    private static func status(
        of parent: JSONValue, _ route: Object, _ conditions: [Condition], now: String
    ) -> JSONValue {
        let before = (route["status", "parents"]?.arrayValue ?? []).first {
            $0["parentRef"] == parent && $0["controllerName"]?.stringValue == controllerName
        }
        // The times of conditions that stay as they are stay too.
        var holder = Object([:])
        holder["status", "conditions"] = before?["conditions"]
        holder.setConditions(conditions, now: now)
        let written = (holder["status", "conditions"]?.arrayValue ?? []).map { condition in
            var condition = condition
            condition["observedGeneration"] = .number(JSONNumber(route.generation))
            condition["message"] = condition["message"] ?? ""
            return condition
        }
        return ["parentRef": parent, "controllerName": .string(controllerName), "conditions": .array(written)]
    }
}
