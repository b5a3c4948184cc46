package import ServingAPI

/// Where requests go: an immutable value, compiled from objects and swapped whole. A request keeps the table that it
/// began with.
package struct RoutingTable: Sendable {
    /// Every revision there is, routed to or not: a request that waits for one may outlive its route.
    package internal(set) var revisions: [RoutedRevision] = []
    package internal(set) var routes: [Route] = []
    /// Where the services answer: `smollm2-default.localhost`. Sorted.
    package internal(set) var hostNames: [String] = []
    /// The names by which the OpenAI endpoints know the models, sorted: `smollm2`, or `default/smollm2` where several
    /// namespaces have one of that name.
    package internal(set) var models: [ModelEntry] = []

    /// How requests are logged; `nil`: they are not.
    package var requestLog: RequestLogTemplate?

    /// What a host leads to.
    enum Host: Sendable, Hashable {
        /// A service's own: an index into the routes.
        case route(Int)
        /// Of Gateway API routes, and of services with an explainer: an index into `hostRules`.
        case rules(Int)
    }

    var hosts = ByteMap<Host>()
    /// By `.example.com`, for `*.example.com`: indices into `hostRules`.
    var wildcards = ByteMap<Int>()
    /// For hosts that have no rules of their own: an index into `hostRules`.
    var anyHost: Int?
    var hostRules: [HostRules] = []
    /// By `<namespace>/<name>`.
    var services = ByteMap<Int>()
    /// By name; `nil` where the name stands for several.
    var modelRoutes = ByteMap<Int?>()

    package struct ModelEntry: Sendable, Hashable {
        package var name: String
        package var namespace: String
        /// Seconds since 1970.
        package var created: Int64
        package var route: Int
    }

    package init() {}

    /// Whether requests for this host are routed by it.
    ///
    /// - Parameter host: in lower case, without a port.
    package func hasHost(_ host: String) -> Bool { hosts[Array(host.utf8).span] != nil }

    package enum ModelLookup: Sendable, Hashable {
        case route(Int)
        case unknown
        /// Several namespaces have a model of this name.
        case ambiguous
    }

    /// - Parameter name: `<name>` or `<namespace>/<name>`.
    package func model(named name: Span<UInt8>) -> ModelLookup {
        switch modelRoutes[name] {
        case .some(.some(let route)): .route(route)
        case .some(.none): .ambiguous
        case .none: .unknown
        }
    }

    /// Whether any route, be it a tag's, leads to the revision with this index.
    package func leads(toRevision index: Int) -> Bool {
        routes.contains { route in route.targets.contains { $0.revision == index } }
    }

    package func model(named name: String) -> ModelLookup { model(named: Array(name.utf8).span) }

    mutating func addHost(_ host: String, route: Int) { addHost(host, .route(route)) }

    mutating func addHost(_ host: String, rules: Int) { addHost(host, .rules(rules)) }

    mutating func addHost(_ host: String, _ entry: Host) {
        guard hosts[host] == nil else { return }
        hosts.insert(entry, for: host)
        hostNames.append(host)
    }

    /// A host that is answered, but that nobody is told of.
    mutating func addInnerHost(_ host: String, route: Int) { addInnerHost(host, .route(route)) }

    mutating func addInnerHost(_ host: String, _ entry: Host) {
        guard hosts[host] == nil else { return }
        hosts.insert(entry, for: host)
    }
}
