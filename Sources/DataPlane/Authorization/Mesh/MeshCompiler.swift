import KubeModel
import ServingAPI

/// Puts Istio's policies before what else is said of routes, and keeps what it made for as long as it says the same.
struct MeshCompiler: Sendable {
    private struct Key: Hashable {
        var versions: [[String]]
        var providers: [CheckProvider]
        var inner: ObjectIdentifier?
    }

    private var kept: [Key: RoutePolicy] = [:]

    /// - Parameter accesses: what is said without them, of each route.
    mutating func add(
        _ objects: MeshObjects, to accesses: [AccessTable.Access], of routes: [RouteSubject]
    ) -> [AccessTable.Access] {
        guard !objects.isEmpty else {
            kept = [:]
            return accesses
        }
        let policies = MeshPolicies(objects)
        var made: [Key: RoutePolicy] = [:]
        let result = zip(routes, accesses).map { access(to: $0, $1, policies, &made) }
        kept = made
        return result
    }

    private func access(
        to route: RouteSubject, _ access: AccessTable.Access, _ policies: MeshPolicies, _ made: inout [Key: RoutePolicy]
    ) -> AccessTable.Access {
        let inner: RoutePolicy?
        switch access {
        case .refused: return access
        case .open: inner = nil
        case .guarded(let policy): inner = policy
        }
        // A request may reach each of them: what is said of any of them must hold.
        let found = route.workloads.map(policies.rules)
        if let problem = found.compactMap(\.problem).first { return .refused(reason: problem) }
        let rules = found.compactMap(\.rules)
        guard !rules.isEmpty else { return access }
        let key = Key(
            versions: found.map(\.versions), providers: policies.providerVersions,
            inner: inner.map(ObjectIdentifier.init))
        let policy = made[key] ?? kept[key] ?? RoutePolicy(mesh: rules, of: route.owners.first, before: inner)
        made[key] = policy
        return .guarded(policy)
    }
}
