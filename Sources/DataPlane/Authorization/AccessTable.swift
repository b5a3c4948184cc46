package import KubeModel
import ServingAPI

/// Who may take which route: goes with one routing table, and is swapped with it.
package struct AccessTable: Sendable {
    package enum Access: Sendable {
        case open
        case guarded(RoutePolicy)
        /// Nobody may: it is not known who might.
        case refused(reason: String)
    }

    private let routes: [Access]
    private let others: Access

    init(routes: [Access]) {
        self.routes = routes
        others = .refused(reason: "nothing is known of the route")
    }

    private init(others: Access) {
        routes = []
        self.others = others
    }

    /// Everyone may take every route: for a gateway that nobody is kept from.
    package static let open = AccessTable(others: .open)

    /// - Parameter route: an index into the routing table's routes.
    package subscript(route: Int) -> Access { routes.indices.contains(route) ? routes[route] : others }
}

/// Makes access tables, and keeps the policies of one for the next as far as they say the same.
package struct AccessCompiler: Sendable {
    private var policies: [ObjectKey: RoutePolicy] = [:]

    package init() {}

    /// - Parameters:
    ///   - owners: of each route, the InferenceServices whose revisions it leads to.
    ///   - find: an InferenceService.
    package mutating func compile(owners: [[ObjectKey]], find: (ObjectKey) -> Object?) -> AccessTable {
        var made: [ObjectKey: RoutePolicy] = [:]
        let routes = owners.map { access($0, find, &made) }
        policies = made
        return AccessTable(routes: routes)
    }

    private func access(
        _ owners: [ObjectKey], _ find: (ObjectKey) -> Object?, _ made: inout [ObjectKey: RoutePolicy]
    ) -> AccessTable.Access {
        var guards: [RoutePolicy] = []
        for owner in owners {
            guard let service = find(owner) else { return .refused(reason: "InferenceService \(owner) is not known") }
            guard service.asksForTokens else { continue }
            let policy = made[owner] ?? kept(RoutePolicy(service))
            made[owner] = policy
            guards.append(policy)
        }
        // One token would have to be good for all of them, and one denial speak for all.
        guard guards.count < 2 else { return .refused(reason: "the route leads to several protected services") }
        return guards.first.map { .guarded($0) } ?? .open
    }

    private func kept(_ new: RoutePolicy) -> RoutePolicy {
        guard let old = policies[new.service], old.says(theSameAs: new) else { return new }
        return old
    }
}

extension RoutePolicy {
    convenience init(_ service: Object) {
        self.init(
            service: service.key,
            style: InferenceService(service).deploymentMode == .knative ? .authorino : .accessProxy,
            removesCredential: service["spec", "transformer"] == nil)
    }
}
