import JSONModel
import KubeModel
import ServingAPI

/// InferenceService in Standard mode -> Deployments, Services, what scales them, and HTTPRoutes.
struct StandardPlanner {
    let service: InferenceService
    let children: StandardChildren
    let hosts: HostNames
    /// Whether the gateway sends requests for the service's host to a Deployment.
    let serves: @Sendable (String) -> Bool
    let now: String

    func plan() -> Plan {
        var plan = Plan()
        let least = service.predictor.minReplicas
        add(children.stable, scaler(of: children.stable), first: least, to: &plan)
        for canary in children.canaries {
            add(canary.component, .fixed(canary.replicas), first: canary.replicas, to: &plan)
        }
        for side in children.sides {
            let least = side.service.component.minReplicas
            let scaler = StandardScaler(side.service, name: side.component.name, least: least)
            add(side.component, scaler, first: least, to: &plan)
        }
        plan.apply += routes
        let wanted = Set(routes.map(\.object.name))
        plan.delete += children.routes.filter { !wanted.contains($0.name) }.map { Plan.Manifest(.httpRoutes, $0) }
        // What is no longer wanted goes when what takes its place can be served.
        if children.stable.isReady { plan.delete += children.orphans }
        let conditions = StandardConditions(children, hasRoutes: !routes.isEmpty, isServed: serves)
        plan.conditions = conditions.all
        plan.status =
            StandardStatus(
                service: service, children: children, hosts: hosts, conditions: conditions, now: now
            ).json
        return plan
    }

    private func scaler(of component: StandardComponent) -> StandardScaler {
        StandardScaler(service, name: component.name, least: children.least(service.predictor.minReplicas))
    }

    /// - Parameter first: with how many replicas it begins, or one.
    private func add(
        _ component: StandardComponent, _ scaler: StandardScaler, first: Int, to plan: inout Plan
    ) {
        var deployment = component.predictor.deployment
        plan.apply.append(Plan.Manifest(.services, component.predictor.service))
        if component.deployment == nil {
            deployment["spec", "replicas"] = .number(JSONNumber(scaler.isFixed ? first : max(1, first)))
            plan.create.append(Plan.Manifest(.deployments, deployment))
        } else if !isKept(component) {
            if case .fixed(let count) = scaler { deployment["spec", "replicas"] = .number(JSONNumber(count)) }
            plan.apply.append(Plan.Manifest(.deployments, deployment))
        }
        if case .object(let resource, let object) = scaler { plan.apply.append(Plan.Manifest(resource, object)) }
        plan.delete += outdated(component, scaler)
    }

    /// A service that is ready is left alone by changes of its runtime, if it says so.
    private func isKept(_ component: StandardComponent) -> Bool {
        service.annotations[ServingKeys.disableAutoUpdate] == "true" && service.object.isReady
            && service.object.isObserved
    }

    /// Scalers of another class, which would undo what this one does.
    private func outdated(_ component: StandardComponent, _ scaler: StandardScaler) -> [Plan.Manifest] {
        let all: [(Resource, Object?)] = [
            (.podAutoscalers, component.autoscaler), (.horizontalPodAutoscalers, component.horizontal),
        ]
        return all.compactMap { resource, held in
            guard let held, held.controller?.uid == service.object.uid else { return nil }
            if case .object(resource, _) = scaler { return nil }
            return Plan.Manifest(resource, held)
        }
    }

    private var routes: [Plan.Manifest] {
        guard !hosts.inferenceServices.disablesIngress else { return [] }
        let explainer = children.side(.explainer).map { [StandardRoute.Backend(name: $0.name, weight: 100)] }
        let main = route(service, named: service.name, children.entrance, explainer: explainer)
        let predictor = route(service, named: "\(service.name)-predictor", children.backends)
        let sides = children.sides.map { side in
            route(
                side.service, named: side.component.name,
                [StandardRoute.Backend(name: side.component.name, weight: 100)])
        }
        return [main, predictor] + sides
    }

    private func route(
        _ component: InferenceService, named name: String, _ backends: [StandardRoute.Backend],
        explainer: [StandardRoute.Backend]? = nil
    ) -> Plan.Manifest {
        let host = hosts.host(of: service, named: name)
        let route = StandardRoute.make(component, name: name, host: host, backends: backends, explainer: explainer)
        return Plan.Manifest(.httpRoutes, route)
    }
}

extension HostNames {
    /// Where a service in Standard mode, or its predictor, answers.
    func host(of service: InferenceService, named name: String) -> String {
        var named = service.object
        named.name = name
        return host(ofInferenceService: named)
    }
}
