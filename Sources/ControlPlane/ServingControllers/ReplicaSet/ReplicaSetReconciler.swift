import KubeController
import KubeModel
import ServingAPI

/// ReplicaSet -> Pods, where it stands alone; the pods of a Deployment's are made by the Deployment's own reconciler, so
/// that none of them waits for a write to the ReplicaSet. The status of either is written here.
struct ReplicaSetReconciler: Reconciler {
    struct Observation: Sendable {
        var set: Object
        /// The pods it controls, those that are going included.
        var pods: [Object]
    }

    static let resource = Resource.replicaSets
    static let fieldManager = "martlet-replicaset"
    let bench: Workbench
    let ledger: RoomLedger
    let random: Randomness

    func observe(_ set: Object) -> Observation { Observation(set: set, pods: bench.store(.pods).owned(by: set.uid)) }

    func plan(_ observation: Observation) -> Plan {
        let pods = ReplicaSetPods { PodSuffix.draw(random) }
        return ReplicaSetPlanner.plan(observation, pods: pods, clock: Calendar(bench.time))
    }

    func prepared(_ plan: Plan) -> Plan { ledger.placed(plan) }

    func failed(_ plan: Plan, _ error: Status, _ set: Object) -> Plan {
        ReplicaSetPlanner.failed(plan, error, set, clock: Calendar(bench.time))
    }
}
