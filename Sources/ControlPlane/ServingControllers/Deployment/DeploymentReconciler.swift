import KubeController
import KubeModel
import ServingAPI

/// Deployment -> Pods, without ReplicaSets between them: on one machine a template's hash tells old from new.
struct DeploymentReconciler: Reconciler {
    struct Observation: Sendable {
        var deployment: Object
        /// The pods it controls, those that are going included.
        var pods: [Object]
    }

    static let resource = Resource.deployments
    static let fieldManager = "martlet-deployment"
    let bench: Workbench
    let nodeName: String
    let random: Randomness

    func observe(_ deployment: Object) -> Observation {
        Observation(deployment: deployment, pods: bench.store(.pods).owned(by: deployment.uid))
    }

    func plan(_ observation: Observation) -> Plan {
        DeploymentPlanner.plan(
            observation, nodeName: nodeName, clock: Calendar(bench.time), suffix: { PodSuffix.draw(random) })
    }

    func failed(_ plan: Plan, _ error: Status, _ deployment: Object) -> Plan {
        DeploymentPlanner.failed(plan, error, deployment, clock: Calendar(bench.time))
    }
}
