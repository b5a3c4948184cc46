import JSONModel
import KubeController
import KubeModel
import ServingAPI

enum DeploymentPlanner {
    /// - Parameter suffix: what ends the next pod's name.
    static func plan(
        _ observation: DeploymentReconciler.Observation, nodeName: String, clock: Calendar, suffix: () -> String
    ) -> Plan {
        let deployment = observation.deployment
        let hash = templateHash(deployment)
        let rollout = RolloutPlan(deployment, hash: hash, pods: observation.pods, clock: clock)
        var plan = Plan()
        plan.create = (0..<rollout.create).map { _ in
            Plan.Manifest(.pods, pod(of: deployment, hash: hash, suffix: suffix(), nodeName: nodeName))
        }
        plan.delete = rollout.delete.map { Plan.Manifest(.pods, $0) }
        let status = DeploymentStatus(deployment, hash: hash, pods: observation.pods, clock: clock)
        plan.status = status.json
        plan.lookAgain = [status.untilDeadline, rollout.untilRetry].compactMap(\.self).min()
        return plan
    }

    /// The status says that pods could not be made or deleted, and why.
    static func failed(_ plan: Plan, _ error: Status, _ deployment: Object, clock: Calendar) -> Plan {
        var plan = plan
        let failure = TimedCondition("ReplicaFailure", "True", reason: "FailedCreate", message: error.message)
        let conditions = plan.status?["conditions"]?.arrayValue ?? []
        plan.status?["conditions"] = .array(conditions + [failure.json(after: deployment, at: clock)])
        plan.notices = [Plan.Notice(isWarning: true, reason: "FailedCreate", message: error.message)]
        return plan
    }

    /// The same for templates that say the same.
    static func templateHash(_ deployment: Object) -> String {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in (deployment["spec", "template"] ?? [:]).serialized() {
            hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3
        }
        return String(hash % 3_656_158_440_062_976, radix: 36)
    }

    static func pod(of deployment: Object, hash: String, suffix: String, nodeName: String) -> Object {
        let template = Object(deployment["spec", "template"] ?? [:])
        var pod = deployment.child(.pods, name: "\(deployment.name)-\(suffix)")
        pod.labels = template.labels.merging([Label.podTemplateHash: hash]) { $1 }
        pod.annotations = template.annotations
        pod.spec = template.spec
        pod["spec", "nodeName"] = .string(nodeName)
        return pod
    }
}
