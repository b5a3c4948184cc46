/// Chooses the replica that will begin to answer soonest, as far as is known: the one with the fewest requests in flight;
/// of language models, the one where reading the prompt and what is ahead of it costs the fewest tokens.
///
/// The cost of a replica, in tokens:
///
///     of the prompt, what it has not in its cache           64 for each block of 256 bytes
///     + requests in flight x 256                            what one more running request slows the others
///     + requests that wait in its engine x 1,024            there is no slot for the next one either
///     + 4,096 for each tenth of its KV cache above 90 %     what is added will throw out what is there
///
/// and requests in flight count for more at one that has just come (slow start). To have the prompt is worth nothing at a
/// replica with more than 5/4 of the average number of requests in flight, and more than 4 (bounded load): so nobody is
/// flooded, however many callers share a prompt. Among equals, the next in turn.
package struct ReplicaBalancer: Sendable {
    private var turn = 0

    static let blockTokens = 64
    static let requestTokens = 256
    static let waitingTokens = 1_024
    static let fullTokens = 4_096

    package init() {}

    /// Takes a place at an endpoint.
    ///
    /// - Parameter limit: Requests that one endpoint takes at once; 0: any number.
    /// - Returns: The endpoint's index, or `nil` where none has a free place.
    package mutating func acquire(
        among endpoints: [EndpointLoad], _ placement: Placement = Placement(), prefixes: PrefixIndex? = nil,
        limit: Int, at now: MonotonicTime
    ) -> Int? {
        let holdings = placement.blocks.isEmpty ? [] : prefixes?.holdings(of: placement.blocks) ?? []
        // Another loop may take the place that was seen free; each further round means that it got one.
        for _ in 0..<8 {
            let index =
                preferred(among: endpoints, placement, limit: limit, at: now)
                ?? cheapest(among: endpoints, placement, holdings, limit: limit, at: now)
            guard let index else { return nil }
            if endpoints[index].acquire(limit: limit) {
                turn = index + 1
                if endpoints.count > 1 { prefixes?.note(placement.blocks, at: endpoints[index].number) }
                return index
            }
        }
        return nil
    }

    /// The replica that the request's session is at, if that has a place.
    private func preferred(
        among endpoints: [EndpointLoad], _ placement: Placement, limit: Int, at now: MonotonicTime
    ) -> Int? {
        guard endpoints.count > 1 else { return nil }
        if let replica = placement.replica {
            return endpoints.firstIndex { $0.identity == replica && Self.isFree($0, limit: limit, at: now) }
        }
        guard let session = placement.session else { return nil }
        // Rendezvous: of the replicas that can be had, the one with the highest draw.
        let free = endpoints.indices.filter { Self.isFree(endpoints[$0], limit: limit, at: now) }
        return free.max { Self.draw(session, endpoints[$0]) < Self.draw(session, endpoints[$1]) }
    }

    private static func draw(_ session: UInt64, _ endpoint: EndpointLoad) -> UInt64 {
        var value = (session ^ endpoint.identity) &* 0x9E37_79B9_7F4A_7C15
        value = (value ^ (value >> 29)) &* 0xBF58_476D_1CE4_E5B9
        return value ^ (value >> 32)
    }

    private static func isFree(_ endpoint: EndpointLoad, limit: Int, at now: MonotonicTime) -> Bool {
        (limit == 0 || endpoint.inFlight < limit) && !endpoint.isClosed && !endpoint.isEjected(at: now)
    }

    private func cheapest(
        among endpoints: [EndpointLoad], _ placement: Placement, _ holdings: [PrefixIndex.Holding], limit: Int,
        at now: MonotonicTime
    ) -> Int? {
        let bound = holdings.isEmpty ? 0 : Self.bound(endpoints)
        var best: (index: Int, cost: Int)?
        for offset in endpoints.indices {
            let index = (turn + offset) % endpoints.count
            let endpoint = endpoints[index]
            let inFlight = endpoint.inFlight
            guard Self.isFree(endpoint, limit: limit, at: now) else { continue }
            var cost = inFlight * Self.requestTokens * 1_024 / endpoint.warmth(at: now)
            cost += Self.cost(of: endpoint.engine(at: now))
            if !holdings.isEmpty {
                let held = inFlight < bound ? holdings.first { $0.replica == endpoint.number }?.count ?? 0 : 0
                cost += (placement.blocks.count - held) * Self.blockTokens
            }
            if cost < best?.cost ?? .max { best = (index, cost) }
            if cost == 0 { break }
        }
        return best?.index
    }

    private static func cost(of engine: EngineGauge?) -> Int {
        guard let engine else { return 0 }
        return engine.waiting * waitingTokens + max(0, engine.cachePermille - 900) * fullTokens / 100
    }

    /// From so many requests in flight on, having a prompt counts for nothing.
    static func bound(_ endpoints: [EndpointLoad]) -> Int {
        let inFlight = endpoints.reduce(1) { $0 + $1.inFlight }
        return max(4, (inFlight * 5 + 4 * endpoints.count - 1) / (4 * endpoints.count))
    }
}
