import Synchronization
import Testing

@testable import Activation

struct EndpointLoadTests {
    @Test
    func `An endpoint gives out as many places as its limit`() {
        let load = EndpointLoad()
        #expect(load.acquire(limit: 2))
        #expect(load.acquire(limit: 2))
        #expect(!load.acquire(limit: 2))
        #expect(load.acquire(limit: 0), "0 is no limit")
        load.release()
        load.release()
        #expect(load.acquire(limit: 2))
        #expect(load.inFlight == 2)
    }

    @Test
    func `An endpoint that the table dropped gives out no place until it is listed again`() {
        let load = EndpointLoad()
        #expect(load.acquire(limit: 0))
        load.setListed(false)
        #expect(!load.acquire(limit: 0))
        #expect(load.inFlight == 1)
        load.setListed(true)
        #expect(load.acquire(limit: 0))
    }

    @Test
    func `An endpoint whose pod is going to stop stays closed, whatever a table says`() {
        let load = EndpointLoad()
        load.retire()
        load.setListed(true)
        #expect(load.isClosed)
        #expect(!load.acquire(limit: 0))
    }

    @Test
    func `It is drained when its last request has ended and none can come`() {
        let load = EndpointLoad()
        let watched = Counter()
        load.whenDrained { watched.value.add(1, ordering: .relaxed) }
        #expect(load.acquire(limit: 0))
        load.release()
        #expect(watched.value.load(ordering: .relaxed) == 0, "it is open")
        #expect(load.acquire(limit: 0))
        load.retire()
        #expect(watched.value.load(ordering: .relaxed) == 0, "a request is in flight")
        load.release()
        #expect(watched.value.load(ordering: .relaxed) == 1)
        load.whenDrained { watched.value.add(1, ordering: .relaxed) }
        #expect(watched.value.load(ordering: .relaxed) == 2, "at once")
    }

    @Test
    func `An endpoint that cannot be reached is left out for longer each time, up to a second`() {
        let load = EndpointLoad()
        let now = MonotonicTime(nanoseconds: 1_000_000_000_000)
        let pauses = (0..<7).map { _ in (load.eject(at: now).nanoseconds - now.nanoseconds) / 1_000_000 }
        #expect(pauses == [50, 100, 200, 400, 800, 1_000, 1_000])
        #expect(load.isEjected(at: now))
        #expect(!load.isEjected(at: now.advanced(by: .seconds(1))))
        load.succeed()
        #expect(!load.isEjected(at: now))
        #expect(load.eject(at: now).nanoseconds - now.nanoseconds == 50_000_000)
    }

    @Test
    func `From many threads at once, the limit holds`() async {
        let load = EndpointLoad()
        let most = Counter()
        await withTaskGroup { group in
            for _ in 0..<4 {
                group.addTask {
                    for _ in 0..<20_000 where load.acquire(limit: 3) {
                        most.value.max(load.inFlight, ordering: .relaxed)
                        load.release()
                    }
                }
            }
        }
        #expect(most.value.load(ordering: .relaxed) <= 3)
        #expect(load.inFlight == 0)
    }
}

private final class Counter: Sendable {
    let value = Atomic<Int>(0)
}

struct LeastOutstandingTests {
    let now = MonotonicTime(nanoseconds: 1)

    @Test
    func `The endpoint with the fewest requests is taken, equals in turn`() {
        let endpoints = (0..<3).map { _ in EndpointLoad() }
        var balancer = ReplicaBalancer()
        #expect((0..<6).map { _ in balancer.acquire(among: endpoints, limit: 0, at: now) } == [0, 1, 2, 0, 1, 2])
        endpoints[1].release()
        #expect(balancer.acquire(among: endpoints, limit: 0, at: now) == 1)
    }

    @Test
    func `Full, closed and unreachable endpoints are passed over`() {
        let endpoints = (0..<4).map { _ in EndpointLoad() }
        _ = endpoints[0].acquire(limit: 0)
        endpoints[1].setListed(false)
        _ = endpoints[2].eject(at: now)
        var balancer = ReplicaBalancer()
        #expect(balancer.acquire(among: endpoints, limit: 1, at: now) == 3)
        #expect(balancer.acquire(among: endpoints, limit: 1, at: now) == nil)
        #expect(balancer.acquire(among: [], limit: 1, at: now) == nil)
    }
}
