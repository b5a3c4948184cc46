import JSONModel
import KubeModel
import ServingAPI

enum RevisionPlanner {
    static func plan(_ observation: RevisionReconciler.Observation) -> Plan {
        let revision = observation.revision
        var plan = Plan()
        plan.blames = "ResourcesAvailable"
        let change = RoutingState.change(of: revision, routes: observation.routes, now: observation.now)
        plan.change = change.map { [$0] } ?? []
        let deployment = RevisionDeployment.make(of: revision, observation.settings)
        if observation.deployment == nil {
            let first = RevisionDeployment.withInitialScale(deployment, revision, observation.autoscaling)
            plan.create = [Plan.Manifest(.deployments, first)]
        } else {
            // Without replicas: from now on they are the autoscaler's.
            plan.apply = [Plan.Manifest(.deployments, deployment)]
        }
        plan.apply.append(Plan.Manifest(.podAutoscalers, autoscaler(of: revision)))
        plan.status = status(observation)
        plan.conditions = RevisionHealth(observation).conditions
        return plan
    }

    static func autoscaler(of revision: Object) -> Object {
        var autoscaler = revision.child(.podAutoscalers, name: revision.name)
        autoscaler.labels = RevisionDeployment.labels(of: revision)
        autoscaler.annotations = RevisionDeployment.annotations(of: revision)
        var spec: JSONValue = [
            "containerConcurrency": revision["spec", "containerConcurrency"] ?? 0, "protocolType": "http1",

            "scaleTargetRef": [
                "apiVersion": .string(Resource.deployments.apiVersion), "kind": .string(Resource.deployments.kind),
                "name": .string(RevisionDeployment.name(revision)),
            ],
        ]
        spec["reachability"] = reachability(revision).map { .string($0) }
        autoscaler.spec = spec
        return autoscaler
    }

    /// Whether a route leads to the revision; `nil` where that is not known yet.
    private static func reachability(_ revision: Object) -> String? {
        switch revision.labels[ServingKeys.routingState] {
        case "active": "Reachable"
        case "reserve": "Unreachable"
        default: nil
        }
    }

    private static func status(_ observation: RevisionReconciler.Observation) -> JSONValue {
        var status: JSONValue = ["observedGeneration": .number(JSONNumber(observation.revision.generation))]
        let scale = observation.autoscaler?["status"]
        status["actualReplicas"] = scale?["actualScale"]
        if let desired = scale?["desiredScale"]?.intValue, desired >= 0 {
            status["desiredReplicas"] = scale?["desiredScale"]
        }
        return status
    }
}
