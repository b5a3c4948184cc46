/// Chooses the endpoint with the fewest requests in flight; among equals, the next in turn.
package struct LeastOutstanding: Sendable {
    private var turn = 0

    package init() {}

    /// Takes a place at an endpoint.
    ///
    /// - Parameter limit: Requests that one endpoint takes at once; 0: any number.
    /// - Returns: The endpoint's index, or `nil` where none has a free place.
    package mutating func acquire(among endpoints: [EndpointLoad], limit: Int, at now: MonotonicTime) -> Int? {
        // Another loop may take the place that was seen free; each further round means that it got one.
        for _ in 0..<8 {
            guard let index = leastLoaded(among: endpoints, limit: limit, at: now) else { return nil }
            if endpoints[index].acquire(limit: limit) {
                turn = index + 1
                return index
            }
        }
        return nil
    }

    private func leastLoaded(among endpoints: [EndpointLoad], limit: Int, at now: MonotonicTime) -> Int? {
        var best: (index: Int, load: Int)?
        for offset in endpoints.indices {
            let index = (turn + offset) % endpoints.count
            let endpoint = endpoints[index]
            let load = endpoint.inFlight
            guard load < best?.load ?? .max, limit == 0 || load < limit, !endpoint.isClosed,
                !endpoint.isEjected(at: now)
            else { continue }
            best = (index, load)
            if load == 0 { break }
        }
        return best?.index
    }
}
