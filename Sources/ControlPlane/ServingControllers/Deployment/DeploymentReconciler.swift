import JSONModel
import KubeController
import KubeModel
import ServingAPI

/// Deployment -> ReplicaSets, one for each version of its template, and their pods.
struct DeploymentReconciler: Reconciler {
    struct Observation: Sendable {
        var deployment: Object
        /// The oldest first.
        var versions: [DeploymentVersion]
        /// The index of the version that has the Deployment's template.
        var current: Int?
        /// ReplicaSets that fit the selector and that nobody controls; only where there is no current version.
        var orphans: [Object] = []
    }

    static let resource = Resource.deployments
    static let fieldManager = "martlet-deployment"
    let bench: Workbench
    let ledger: RoomLedger
    let random: Randomness

    func observe(_ deployment: Object) -> Observation {
        let hash = TemplateHash.of(deployment)
        let sets = bench.store(.replicaSets).owned(by: deployment.uid).filter { !$0.isBeingDeleted }
            .sorted { Self.age($0) < Self.age($1) }
        let current = sets.firstIndex { TemplateHash.fits($0, deployment, hash) }
        var versions = sets.map { DeploymentVersion(replicaSet: $0, pods: bench.store(.pods).owned(by: $0.uid)) }
        for pod in bench.store(.pods).owned(by: deployment.uid) {
            let theirs = pod.labels[Label.podTemplateHash]
            if let index = sets.firstIndex(where: { $0.labels[Label.podTemplateHash] == theirs }) {
                versions[index].pods.append(pod)
            } else {
                versions.append(DeploymentVersion(replicaSet: nil, pods: [pod]))
            }
        }
        return Observation(
            deployment: deployment, versions: versions, current: current,
            orphans: current == nil ? orphans(of: deployment) : [])
    }

    private static func age(_ set: Object) -> (String, String) { (set.creationTimestamp ?? "", set.name) }

    private func orphans(of deployment: Object) -> [Object] {
        guard let selector = try? LabelSelector(json: deployment["spec", "selector"] ?? [:]) else { return [] }
        return bench.store(.replicaSets).all(in: deployment.namespace).filter {
            $0.controller == nil && !$0.isBeingDeleted && selector.matches($0.labels)
        }
    }

    func plan(_ observation: Observation) -> Plan {
        let planner = DeploymentPlanner(observation: observation, clock: Calendar(bench.time))
        return planner.plan(ReplicaSetPods { PodSuffix.draw(random) })
    }

    func prepared(_ plan: Plan) -> Plan { ledger.placed(plan) }

    func failed(_ plan: Plan, _ error: Status, _ deployment: Object) -> Plan {
        DeploymentPlanner.failed(plan, error, deployment, clock: Calendar(bench.time))
    }
}
