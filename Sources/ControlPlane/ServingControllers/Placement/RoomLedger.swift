import JSONModel
import KubeController
import KubeModel
import ServingAPI
import Synchronization

/// What the node's pods hold, and the one place where room is given out: two that look at once cannot both get the last
/// of it.
///
/// A claim bridges the moment until the pod is seen with its node. It lives in memory only: after a restart the pods
/// themselves say what is taken.
final class RoomLedger: Sendable {
    private struct Claim: Sendable {
        var amounts: Amounts
        var until: Duration
    }

    /// Finds the pods that wait for a node under "waits".
    static let unscheduled = StoreIndex("unscheduled") { $0.isUnscheduled ? ["waits"] : [] }

    /// A write that takes longer has failed.
    private static let claimLife: Duration = .seconds(30)

    let nodeName: String
    let bench: Workbench
    private let needs: LearnedNeeds
    private let claims = Mutex<[ObjectKey: Claim]>([:])

    init(bench: Workbench, machine: any ModelMachine, nodeName: String) {
        self.bench = bench
        self.nodeName = nodeName
        needs = LearnedNeeds(bench: bench, machine: machine)
    }

    var node: Object? { bench.store(.nodes)[ObjectKey(namespace: nil, name: nodeName)] }

    var waiting: [Object] { bench.store(.pods).found(by: Self.unscheduled, "waits") }

    /// `nil` where it was not learned yet.
    func loadSeconds(of revision: ObjectKey) -> Double? { needs.loadSeconds(of: revision) }

    func demand(of pod: Object) -> Amounts {
        PodDemand.amounts(of: pod, measured: needs.memory(of: pod), files: needs.files(of: pod))
    }

    /// The plan with a node for those of its pods that may start at once.
    func placed(_ plan: Plan) -> Plan {
        var plan = plan
        for index in plan.create.indices where plan.create[index].resource == .pods {
            let node = nodeForNew(plan.create[index].object)
            plan.create[index].object["spec", "nodeName"] = node.map { .string($0) }
        }
        return plan
    }

    /// Where a new pod may start at once; `nil` where it has to wait for the scheduler: there is no room, or others were
    /// there first.
    private func nodeForNew(_ pod: Object) -> String? {
        let demand = demand(of: pod)
        if demand == Amounts(), !HandOver.concerns(pod, bench) { return nodeName }
        guard waiting.isEmpty, !HandOver.concerns(pod, bench) else { return nil }
        return claim(demand, for: pod.key) ? nodeName : nil
    }

    /// Takes the room for a pod, if it is there.
    func claim(_ demand: Amounts, for pod: ObjectKey) -> Bool {
        guard let allocatable = node.flatMap(Amounts.init(allocatableOf:)) else { return true }
        return claims.withLock { claims in
            guard (allocatable - taken(&claims)).lacks(demand).isEmpty else { return false }
            claims[pod] = Claim(amounts: demand, until: bench.time.now + Self.claimLife)
            return true
        }
    }

    /// What is held or promised now.
    func taken() -> Amounts { claims.withLock { taken(&$0) } }

    private func taken(_ claims: inout [ObjectKey: Claim]) -> Amounts {
        let now = bench.time.now
        // Looked at under the lock: a claim that is given up here is seen as a pod below.
        claims = claims.filter { key, claim in claim.until > now && !holdsRoom(bench.store(.pods)[key]) }
        let pods = bench.store(.pods).all.filter(holdsRoom)
        return claims.values.map(\.amounts).reduce(pods.reduce(Amounts()) { $0 + demand(of: $1) }, +)
    }

    func holdsRoom(_ pod: Object?) -> Bool {
        guard let pod else { return false }
        return pod["spec", "nodeName"]?.stringValue == nodeName && !pod.hasFailed
    }
}
