import Autoscaling
import JSONModel
import KubeController
import KubeModel
import ServingAPI

/// Route: which share of the traffic goes to which revision at this moment.
struct RouteReconciler: Reconciler {
    struct Observation: Sendable {
        var route: Object
        /// The configurations that its targets follow, by name.
        var configurations: [String: Object]
        /// The revisions that its targets may lead to: those named, and all of its configurations.
        var revisions: [Object]
        var hosts = HostNames()
        /// How long the traffic takes to move to a new revision.
        var rolloutDuration: Duration = .zero
        /// Since 1970.
        var now: Duration = .zero
        /// Whether the gateway sends what comes for a host to a revision.
        var serves: @Sendable (_ host: String, _ revision: String) -> Bool
        /// Whether it splits what comes for a host by these shares.
        var splits: @Sendable (_ host: String, _ shares: [String: Int]) -> Bool
    }

    static let resource = Resource.routes
    static let fieldManager = "martlet-route"
    let bench: Workbench
    let settings: ServingSettings
    let probe: any RouteProbe

    func observe(_ route: Object) -> Observation {
        let targets = route["spec", "traffic"]?.arrayValue ?? []
        let names = Set(targets.compactMap { $0["configurationName"]?.stringValue })
        let configurations = names.compactMap { bench.store(.configurations)[route.sibling($0)] }
        let store = bench.store(.revisions)
        let followed = configurations.flatMap { store.owned(by: $0.uid) }
        let named = targets.compactMap { $0["revisionName"]?.stringValue.flatMap { store[route.sibling($0)] } }
        let others = named.filter { revision in !followed.contains { $0.uid == revision.uid } }
        let namespace = route.namespace ?? ""
        return Observation(
            route: route, configurations: Dictionary(configurations.map { ($0.name, $0) }) { $1 },
            revisions: followed + others, hosts: bench.hosts(settings), rolloutDuration: rolloutDuration(of: route),
            now: .microseconds(bench.time.microsecondsSince1970),
            serves: { [probe] in probe.serves(host: $0, namespace: namespace, revision: $1) },
            splits: { [probe] in probe.splits(host: $0, namespace: namespace, shares: $1) })
    }

    /// The route's annotation, else what `config-network` says.
    private func rolloutDuration(of route: Object) -> Duration {
        let own = route.annotations[ServingKeys.rolloutDuration].flatMap(Duration.init(goText:))
        return own ?? bench.settings(NetworkSettings.self).rolloutDuration
    }

    func plan(_ observation: Observation) -> Plan { RoutePlanner.plan(observation) }
}

extension RouteReconciler.Observation {
    /// `status.traffic` as it is.
    var held: [ResolvedTarget] { (route["status", "traffic"]?.arrayValue ?? []).compactMap(ResolvedTarget.init) }

    /// The rollouts that were under way.
    var rollouts: [Rollout] {
        RolloutText.read(route["status", "annotations"]?[Annotation.rollout]?.stringValue)
    }
}
