package import KubeModel
package import ServingAPI

/// A route, as far as it matters to who may take it.
package struct RouteSubject: Sendable {
    /// The InferenceServices that a request on it may reach.
    package var owners: [ObjectKey]
    /// Where it answers.
    package var hosts: [String]
    /// Of all that it leads to.
    package var namespaces: Set<String>
    /// What it leads to, as Istio's policies name it.
    package var workloads: [Workload]

    package init(
        owners: [ObjectKey], hosts: [String] = [], namespaces: Set<String> = [], workloads: [Workload] = []
    ) {
        self.owners = owners
        self.hosts = hosts
        self.namespaces = namespaces
        self.workloads = workloads
    }
}

/// Makes access tables, and keeps the policies of one for the next as far as they say the same.
package struct AccessCompiler: Sendable {
    private var policies: [ObjectKey: RoutePolicy] = [:]
    private var configs: [ObjectKey: ReadConfig] = [:]
    private var meshes = MeshCompiler()
    /// What became of each AuthConfig, sorted by age.
    package private(set) var reports: [AuthConfigReport] = []

    package init() {}

    /// - Parameters:
    ///   - find: an InferenceService.
    ///   - authConfigs: all of them.
    ///   - mesh: Istio's policies.
    package mutating func compile(
        _ routes: [RouteSubject], authConfigs: [Object] = [], mesh: MeshObjects = MeshObjects(),
        find: (ObjectKey) -> Object?
    ) -> AccessTable {
        let sorted = authConfigs.sorted { ($0.creationTimestamp ?? "", $0.key) < ($1.creationTimestamp ?? "", $1.key) }
        let read = sorted.map { object in
            if let old = configs[object.key], old.says(theSameAs: object) { return old.with(object) }
            return ReadConfig(object)
        }
        configs = Dictionary(read.map { ($0.object.key, $0) }) { first, _ in first }
        var compilation = Compilation(kept: policies, configs: read)
        let accesses = meshes.add(mesh, to: compilation.accesses(routes, find), of: routes)
        policies = compilation.made
        let chosen = compilation.chosen
        reports = read.enumerated().map { index, config in
            AuthConfigReport(config, protecting: zip(routes, chosen).filter { $0.1 == index }.map { $0.0 })
        }
        return AccessTable(routes: accesses)
    }
}

/// An AuthConfig, read once for as long as it stays the same.
struct ReadConfig: Sendable {
    private(set) var object: Object
    let rules: AuthRules
    let problem: String?
    let hosts: HostPatterns
    let policy: RoutePolicy

    init(_ object: Object) {
        self.object = object
        let (rules, problems) = AuthRules.read(object)
        self.rules = rules
        problem = problems.first.map { "AuthConfig \(object.key) is not valid: \($0.message)" }
        hosts = HostPatterns(rules.hosts)
        policy = RoutePolicy(config: object.key, rules)
    }

    /// Whether nothing that is read has changed: its status has no effect on the policy.
    func says(theSameAs other: Object) -> Bool {
        object.uid == other.uid && object.spec == other.spec && object.annotations == other.annotations
    }

    func with(_ object: Object) -> ReadConfig {
        var config = self
        config.object = object
        return config
    }

    /// An AuthConfig speaks for services of its own namespace; those of the system's for all.
    func rank(_ route: RouteSubject) -> Int? {
        let own = object.namespace ?? ""
        guard own == ModelKeySecret.systemNamespace || route.namespaces == [own] else { return nil }
        return route.hosts.compactMap(hosts.rank).max()
    }
}

private struct Compilation {
    let kept: [ObjectKey: RoutePolicy]
    let configs: [ReadConfig]
    var made: [ObjectKey: RoutePolicy] = [:]
    /// Of each route, the AuthConfig that means its hosts.
    private(set) var chosen: [Int?] = []

    mutating func accesses(_ routes: [RouteSubject], _ find: (ObjectKey) -> Object?) -> [AccessTable.Access] {
        let chosen = routes.map(config)
        self.chosen = chosen
        // A service that an AuthConfig protects by one of its hosts is protected by it at every door.
        var ofOwners: [ObjectKey: [Int]] = [:]
        for (route, config) in zip(routes, chosen) {
            guard let config else { continue }
            for owner in route.owners where !(ofOwners[owner] ?? []).contains(config) {
                ofOwners[owner, default: []].append(config)
            }
        }
        var accesses: [AccessTable.Access] = []
        for (route, config) in zip(routes, chosen) {
            accesses.append(access(route, config, ofOwners, find))
        }
        return accesses
    }

    /// The one that means the route's hosts most exactly; of several the oldest.
    private func config(_ route: RouteSubject) -> Int? {
        var best: (rank: Int, index: Int)?
        for (index, config) in configs.enumerated() {
            guard let rank = config.rank(route), rank > best?.rank ?? -1 else { continue }
            best = (rank, index)
        }
        return best?.index
    }

    private mutating func access(
        _ route: RouteSubject, _ config: Int?, _ ofOwners: [ObjectKey: [Int]], _ find: (ObjectKey) -> Object?
    ) -> AccessTable.Access {
        let inherited = Set(route.owners.flatMap { ofOwners[$0] ?? [] })
        if let config = config ?? (inherited.count == 1 ? inherited.first : nil) {
            guard route.owners.count < 2 else { return .refused(reason: "the route leads to several services") }
            return configs[config].problem.map { .refused(reason: $0) } ?? .guarded(configs[config].policy)
        }
        guard inherited.isEmpty else { return .refused(reason: "several AuthConfigs are for what the route leads to") }
        return byAnnotation(route.owners, find)
    }

    private mutating func byAnnotation(_ owners: [ObjectKey], _ find: (ObjectKey) -> Object?) -> AccessTable.Access {
        var guards: [RoutePolicy] = []
        for owner in owners {
            guard let service = find(owner) else { return .refused(reason: "InferenceService \(owner) is not known") }
            guard service.asksForTokens else { continue }
            let policy = made[owner] ?? keep(RoutePolicy(service))
            made[owner] = policy
            guards.append(policy)
        }
        // One token would have to be good for all of them, and one denial speak for all.
        guard guards.count < 2 else { return .refused(reason: "the route leads to several protected services") }
        return guards.first.map { .guarded($0) } ?? .open
    }

    private func keep(_ new: RoutePolicy) -> RoutePolicy {
        guard let old = kept[new.service], old.says(theSameAs: new) else { return new }
        return old
    }
}
