import JSONModel
import KubeModel
import ServingAPI

enum InferenceGraphPlanner {
    static func plan(_ observation: InferenceGraphReconciler.Observation) -> Plan {
        let graph = observation.graph
        let (services, ingress) = (services(observation), ingress(observation))
        let ready = Condition.summary(of: [services, ingress])
        var plan = Plan()
        plan.blames = "ServicesReady"
        plan.status = [
            "observedGeneration": .number(JSONNumber(graph.generation)),
            "url": .string(observation.hosts.url(ofInferenceService: graph)),
        ]
        plan.conditions = [services, ingress, ready]
        if ready.isTrue != graph.isReady {
            let message = ready.message.map { ": \($0)" } ?? ""
            plan.notices = [
                Plan.Notice(
                    isWarning: !ready.isTrue, reason: ready.isTrue ? "InferenceGraphReady" : "InferenceGraphNotReady",
                    message: "InferenceGraph [\(graph.name)] is \(ready.isTrue ? "Ready" : "not Ready\(message)")")
            ]
        }
        return plan
    }

    /// A service at zero is ready: a step wakes it.
    private static func services(_ observation: InferenceGraphReconciler.Observation) -> Condition {
        for name in InferenceGraph(observation.graph).serviceNames {
            guard let service = observation.services[name] else {
                return Condition(
                    "ServicesReady", "False", reason: "ServiceNotFound",
                    message: "there is no InferenceService \"\(name)\" in this namespace; make it, or change the step")
            }
            guard service.isReady else {
                return Condition(
                    "ServicesReady", "False", reason: "ServiceNotReady",
                    message: "InferenceService \"\(name)\" is not ready: "
                        + (service.condition("Ready")?.message ?? "it is starting"))
            }
        }
        return Condition("ServicesReady", "True")
    }

    private static func ingress(_ observation: InferenceGraphReconciler.Observation) -> Condition {
        if observation.isServed { return Condition("IngressReady", "True") }
        if observation.isTaken {
            return Condition(
                "IngressReady", "False", reason: "HostTaken",
                message: "its host is that of another service of the same name; choose another name")
        }
        return Condition(
            "IngressReady", "Unknown", reason: "Uninitialized", message: "the gateway has yet to serve the graph")
    }
}
