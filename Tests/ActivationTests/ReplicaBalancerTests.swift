import Randomness
import Testing

@testable import Activation

/// The choice of a replica for a prompt: properties, over histories drawn from a seed.
struct ReplicaBalancerTests {
    private let now = MonotonicTime(nanoseconds: 1)

    private static func blocks(_ conversation: Int, _ count: Int) -> [UInt64] {
        var random = SeededRandom(seed: UInt64(conversation))
        return (0..<count).map { _ in random.next() }
    }

    private func placement(_ blocks: [UInt64]) -> Placement {
        var placement = Placement()
        placement.blocks = blocks
        return placement
    }

    @Test
    func `A conversation that goes on stays with its replica, and its length has no limit`() {
        let endpoints = (0..<4).map { _ in EndpointLoad() }
        let prefixes = PrefixIndex()
        var balancer = ReplicaBalancer()
        let all = Self.blocks(1, 5_000)
        var chosen: Set<Int> = []
        for count in [3, 40, 41, 900, 5_000] {
            let index = balancer.acquire(
                among: endpoints, placement(Array(all.prefix(count))), prefixes: prefixes, limit: 0, at: now)
            chosen.insert(index ?? -1)
            if let index { endpoints[index].release() }
        }
        #expect(chosen.count == 1 && !chosen.contains(-1))
    }

    @Test
    func `Callers that share nothing are spread as if there were no prompts`() {
        let endpoints = (0..<4).map { _ in EndpointLoad() }
        let prefixes = PrefixIndex()
        var balancer = ReplicaBalancer()
        for conversation in 0..<40 {
            _ = balancer.acquire(
                among: endpoints, placement(Self.blocks(conversation, 30)), prefixes: prefixes, limit: 0, at: now)
        }
        #expect(endpoints.allSatisfy { $0.inFlight == 10 })
    }

    @Test
    func `A long prompt is worth a longer wait than a short one`() {
        let endpoints = (0..<2).map { _ in EndpointLoad() }
        let prefixes = PrefixIndex()
        var balancer = ReplicaBalancer()
        prefixes.note(Self.blocks(1, 4), at: endpoints[0].number)
        prefixes.note(Self.blocks(2, 40), at: endpoints[0].number)
        for _ in 0..<2 { #expect(endpoints[0].acquire(limit: 0)) }
        let short = balancer.acquire(
            among: endpoints, placement(Self.blocks(1, 4)), prefixes: prefixes, limit: 0, at: now)
        #expect(short == 1, "256 tokens are read sooner than two requests are out of the way")
        endpoints[1].release()
        let long = balancer.acquire(
            among: endpoints, placement(Self.blocks(2, 40)), prefixes: prefixes, limit: 0, at: now)
        #expect(long == 0)
    }

    /// Whatever comes, ends and shares prompts: no replica has a place too many, nobody is refused beside a free one, and
    /// none is flooded because of what is in its cache.
    @Test(arguments: 0..<200)
    func `Limits hold, a free place is found, and load is bounded`(seed: Int) {
        var random = SeededRandom(seed: UInt64(seed))
        let endpoints = (0..<(2 + random.below(5))).map { _ in EndpointLoad() }
        let limit = random.one(of: [0, 0, 1, 3])
        let prefixes = PrefixIndex()
        var balancers = [ReplicaBalancer(), ReplicaBalancer()]
        var running: [Int] = []
        for _ in 0..<400 {
            if random.below(3) == 0, !running.isEmpty {
                endpoints[running.remove(at: random.below(running.count))].release()
                continue
            }
            let isFree = limit == 0 || endpoints.contains { $0.inFlight < limit }
            let bound = ReplicaBalancer.bound(endpoints)
            let least = endpoints.map(\.inFlight).min() ?? 0
            let prompt = placement(Self.blocks(random.below(3), 1 + random.below(100)))
            let index = balancers[random.below(2)].acquire(
                among: endpoints, prompt, prefixes: prefixes, limit: limit, at: now)
            #expect((index != nil) == isFree, "seed \(seed)")
            guard let index else { continue }
            running.append(index)
            let load = endpoints[index].inFlight
            #expect(limit == 0 || load <= limit, "seed \(seed)")
            #expect(load <= max(bound, least + 1), "seed \(seed): \(endpoints.map(\.inFlight)), the bound is \(bound)")
        }
    }

    @Test
    func `What the engines say counts: a queue, and a cache that is nearly full`() {
        let endpoints = (0..<3).map { _ in EndpointLoad() }
        endpoints[0].note(EngineGauge(waiting: 3, cachePermille: 100), at: now)
        endpoints[1].note(EngineGauge(waiting: 0, cachePermille: 990), at: now)
        var balancer = ReplicaBalancer()
        #expect((0..<4).allSatisfy { _ in balancer.acquire(among: endpoints, limit: 0, at: now) == 2 })
        let later = now.advanced(by: .seconds(6))
        #expect(balancer.acquire(among: endpoints, limit: 0, at: later) != 2, "what is old says nothing")
    }

    @Test
    func `A replica that has just come gets few requests first, and its share when it is warm`() {
        let endpoints = [EndpointLoad(), EndpointLoad(cameAt: now)]
        var balancer = ReplicaBalancer()
        for _ in 0..<20 { _ = balancer.acquire(among: endpoints, limit: 0, at: now.advanced(by: .seconds(1))) }
        #expect(1...4 ~= endpoints[1].inFlight, "\(endpoints[1].inFlight)")
        for _ in 0..<60 { _ = balancer.acquire(among: endpoints, limit: 0, at: now.advanced(by: .seconds(11))) }
        #expect(endpoints.map(\.inFlight) == [40, 40])
    }

    @Test
    func `A session stays where it is while others come and go, and goes elsewhere when it must`() throws {
        var endpoints = (1...5).map { EndpointLoad(identity: UInt64($0)) }
        var balancer = ReplicaBalancer()
        var session = Placement()
        var before: [UInt64: UInt64] = [:]
        for number in 0..<100 {
            session.session = UInt64(number)
            let taken = balancer.acquire(among: endpoints, session, limit: 0, at: now)
            let index = try #require(taken)
            before[UInt64(number)] = endpoints[index].identity
        }
        #expect(Set(before.values).count == 5)
        endpoints.remove(at: 2)
        for (number, identity) in before {
            session.session = number
            let taken = balancer.acquire(among: endpoints, session, limit: 0, at: now)
            let index = try #require(taken)
            #expect(identity == 3 || endpoints[index].identity == identity)
        }
        var pinned = Placement()
        pinned.replica = 5
        let taken = balancer.acquire(among: endpoints, pinned, limit: 0, at: now)
        let index = try #require(taken)
        #expect(endpoints[index].identity == 5)
        endpoints[index].retire()
        #expect(balancer.acquire(among: endpoints, pinned, limit: 0, at: now) != nil)
    }

    @Test
    func `Retries are a fifth of the requests, and a few`() {
        var budget = RetryBudget()
        #expect((0..<20).count { _ in budget.withdraw(at: now) } == 10)
        for _ in 0..<50 { budget.deposit() }
        #expect((0..<20).count { _ in budget.withdraw(at: now) } == 10)
        #expect((0..<20).count { _ in budget.withdraw(at: now.advanced(by: .seconds(11))) } == 10)
    }

    @Test
    func `An entry that was overwritten is not taken for another prompt's`() {
        let prefixes = PrefixIndex()
        var random = SeededRandom(seed: 7)
        for number in 1...200 { prefixes.note((0..<1_000).map { _ in random.next() }, at: UInt16(number)) }
        #expect(prefixes.holdings(of: Self.blocks(99, 50)).isEmpty)
        let mine = Self.blocks(98, 50)
        prefixes.note(mine, at: 7)
        prefixes.note(Array(mine.prefix(20)), at: 8)
        let holdings = prefixes.holdings(of: mine)
        #expect(holdings.first == PrefixIndex.Holding(replica: 7, count: 50))
        #expect(holdings.contains { $0.replica == 8 && $0.count <= 20 })
    }
}
