import JSONModel
import KubeModel
import ServingAPI

enum ReplicaSetPlanner {
    static func plan(_ observation: ReplicaSetReconciler.Observation, pods: ReplicaSetPods, clock: Calendar) -> Plan {
        let set = observation.set
        var plan = Plan()
        plan.status = ReplicaSetStatus.json(set, pods: observation.pods, clock: clock)
        plan.lookAgain = PodAvailability(set, at: clock).untilNext(of: observation.pods)
        guard !set.isOfDeployment else { return plan }
        let wanted = set["spec", "replicas"]?.intValue ?? 1
        let replacement = PodReplacement(wanted: wanted, pods: observation.pods, clock: clock)
        plan.create = pods.make(replacement.create, of: set)
        plan.delete = replacement.delete.map { Plan.Manifest(.pods, $0) }
        plan.lookAgain = [plan.lookAgain, replacement.untilRetry].compactMap(\.self).min()
        return plan
    }

    /// The status says that pods could not be made or deleted, and why.
    static func failed(_ plan: Plan, _ error: Status, _ set: Object, clock: Calendar) -> Plan {
        var plan = plan
        var failure = TimedCondition("ReplicaFailure", "True", reason: "FailedCreate", message: error.message)
            .json(after: set, at: clock)
        failure["lastUpdateTime"] = nil
        plan.status?["conditions"] = [failure]
        plan.notices = [Plan.Notice(isWarning: true, reason: "FailedCreate", message: error.message)]
        return plan
    }
}

extension Object {
    /// Of a ReplicaSet: whether a Deployment sees to its pods.
    var isOfDeployment: Bool {
        controller.map { $0.kind == Resource.deployments.kind && $0.apiVersion == Resource.deployments.apiVersion }
            ?? false
    }
}
