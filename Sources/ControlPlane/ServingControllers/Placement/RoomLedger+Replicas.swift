import JSONModel
import KubeController
import KubeModel
import ServingAPI

extension RoomLedger {
    /// How many replicas of a Deployment the node can hold beside what other pods hold; `nil` where its pods need nothing
    /// that is counted, or the node has not said what it has.
    func replicas(of deployment: Object) -> Int? {
        guard let allocatable = node.flatMap(Amounts.init(allocatableOf:)) else { return nil }
        var pod = Object(deployment["spec", "template"] ?? [:])
        pod.namespace = deployment.namespace
        let others = bench.store(.pods).all.filter { holdsRoom($0) && !deployment.selects($0) }
        return (allocatable - others.reduce(Amounts()) { $0 + demand(of: $1) }).fits(demand(of: pod))
    }
}
