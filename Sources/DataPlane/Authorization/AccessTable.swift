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
