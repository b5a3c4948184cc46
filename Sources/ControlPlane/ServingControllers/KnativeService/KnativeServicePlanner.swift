import JSONModel
import KubeModel
import ServingAPI

enum KnativeServicePlanner {
    static func plan(_ observation: KnativeServiceReconciler.Observation) -> Plan {
        let service = observation.service
        var plan = Plan()
        plan.apply = [
            Plan.Manifest(.configurations, configuration(of: service)), Plan.Manifest(.routes, route(of: service)),
        ]
        plan.status = status(observation)
        plan.conditions = conditions(observation)
        plan.blames = "ConfigurationsReady"
        return plan
    }

    static func configuration(of service: Object) -> Object {
        var configuration = child(of: service, .configurations)
        configuration.spec = ["template": service["spec", "template"] ?? [:]]
        return configuration
    }

    /// Targets without a revision's name follow the service's own configuration.
    static func route(of service: Object) -> Object {
        var route = child(of: service, .routes)
        let traffic = service["spec", "traffic"]?.arrayValue ?? []
        let targets = traffic.isEmpty ? [["latestRevision": true, "percent": 100]] : traffic
        route.spec = [
            "traffic": .array(
                targets.map { target in
                    guard target["revisionName"]?.stringValue == nil else { return target }
                    var target = target
                    target["configurationName"] = .string(service.name)
                    target["latestRevision"] = true
                    return target
                })
        ]
        return route
    }

    private static func child(of service: Object, _ resource: Resource) -> Object {
        var child = service.child(resource, name: service.name)
        child.labels = service.labels.merging([ServingKeys.service: service.name, Label.serviceUID: service.uid]) { $1 }
        child.annotations = service.inheritedAnnotations
        return child
    }

    private static func status(_ observation: KnativeServiceReconciler.Observation) -> JSONValue {
        var status: JSONValue = ["observedGeneration": .number(JSONNumber(observation.service.generation))]
        for field in ["latestCreatedRevisionName", "latestReadyRevisionName"] {
            status[field] = observation.configuration?["status", field]
        }
        for field in ["url", "address", "traffic"] { status[field] = observation.route?["status", field] }
        return status
    }

    private static func conditions(_ observation: KnativeServiceReconciler.Observation) -> [Condition] {
        let parts = [configurationsReady(observation.configuration), routesReady(observation)]
        return parts + [.summary(of: parts)]
    }

    private static func configurationsReady(_ configuration: Object?) -> Condition {
        outOfDate(configuration, "ConfigurationsReady")
            ?? .copy(configuration?.condition("Ready"), as: "ConfigurationsReady")
    }

    /// Traffic has moved once the route sends "latest" to the revision that is the latest ready one now.
    private static func routesReady(_ observation: KnativeServiceReconciler.Observation) -> Condition {
        let route = observation.route
        if let condition = outOfDate(route, "RoutesReady") { return condition }
        let condition = Condition.copy(route?.condition("Ready"), as: "RoutesReady")
        let latest = observation.configuration?["status", "latestReadyRevisionName"]?.stringValue
        let targets = route?["status", "traffic"]?.arrayValue ?? []
        let isMigrated = targets.allSatisfy {
            $0["latestRevision"]?.boolValue != true || $0["revisionName"]?.stringValue == latest
        }
        if condition.isTrue, !isMigrated {
            return Condition(
                "RoutesReady", "Unknown", reason: "TrafficNotMigrated",
                message: "traffic is on its way to revision \(latest ?? "")")
        }
        return condition
    }

    private static func outOfDate(_ child: Object?, _ type: String) -> Condition? {
        guard let child else { return Condition(type, "Unknown") }
        if child.isObserved { return nil }
        return Condition(
            type, "Unknown", reason: "OutOfDate",
            message: "the \(child.kind.lowercased()) has yet to take up the latest specification")
    }
}
