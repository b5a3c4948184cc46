import Testing

@testable import Activation

struct RevisionGateTests {
    let now = MonotonicTime(nanoseconds: 0)

    private func makeLoad(limit: Int = 0, loops: Int = 1, queue: QueueLimits = QueueLimits()) -> RevisionLoad {
        RevisionLoad(namespace: "n", name: "r", concurrencyLimit: limit, loops: loops, queue: queue)
    }

    @Test
    func `Only the first of those who wait wakes the revision`() {
        var gate = RevisionGate<Int>(makeLoad(), loop: 0)
        #expect(gate.admit(1, from: Caller(hash: 0), at: now).wakes == true)
        #expect(gate.admit(2, from: Caller(hash: 0), at: now).wakes == false)
        #expect(gate.waiting == 2)
        #expect(gate.load.waiting == 2)
    }

    @Test
    func `After all have left, or an endpoint has come and gone, it is woken again`() {
        var gate = RevisionGate<Int>(makeLoad(), loop: 0)
        let ticket = gate.admit(1, from: Caller(hash: 0), at: now).ticket
        #expect(ticket.map { gate.cancel($0) } == true)
        #expect(ticket.map { gate.cancel($0) } == false)
        #expect(gate.admit(2, from: Caller(hash: 0), at: now).wakes == true)
        gate.load.endWaking()
        #expect(gate.admit(3, from: Caller(hash: 0), at: now).wakes == true)
    }

    @Test
    func `When an endpoint appears, those who wait go in order`() throws {
        var gate = RevisionGate<Int>(makeLoad(limit: 2), loop: 0)
        for waiter in 1...3 { _ = gate.admit(waiter, from: Caller(hash: 0), at: now) }
        #expect(gate.next(at: now).waiter() == nil)
        gate.setEndpoints([EndpointLoad()])
        #expect(gate.next(at: now).waiter() == 1)
        #expect(gate.next(at: now).waiter() == 2)
        #expect(gate.next(at: now).waiter() == nil, "two at once is the limit")
        #expect(gate.endpoints[0].inFlight == 2)
        #expect(gate.waiting == 1)
    }

    @Test
    func `A place that comes free is handed to the first who waits, and a newcomer does not overtake`() throws {
        var gate = RevisionGate<Int>(makeLoad(limit: 1), loop: 0)
        let endpoint = EndpointLoad()
        gate.setEndpoints([endpoint])
        #expect(gate.admit(1, from: Caller(hash: 0), at: now).index == 0)
        _ = gate.admit(2, from: Caller(hash: 0), at: now)
        let first = try #require(gate.release(endpoint, at: now).request)
        #expect(endpoint.inFlight == 1, "it was not put back in between")
        #expect(gate.admit(3, from: Caller(hash: 0), at: now).index == nil)
        #expect(gate.accept(endpoint, for: first).waiter == 2)
        let second = try #require(gate.release(endpoint, at: now).request)
        #expect(gate.accept(endpoint, for: second).waiter == 3)
        #expect(gate.release(endpoint, at: now) == .done)
        #expect(endpoint.inFlight == 0)
    }

    @Test
    func `Places go to callers in turn, on whatever loop they are`() throws {
        let load = makeLoad(limit: 1, loops: 3)
        let endpoint = EndpointLoad()
        var gates = (0..<3).map { RevisionGate<String>(load, loop: $0) }
        for loop in 0..<3 { gates[loop].setEndpoints([endpoint]) }
        #expect(gates[0].admit("x", from: Caller(hash: 0), at: now).index == 0)
        // One with many requests on two loops, and three with one each on the third.
        for number in 0..<4 { _ = gates[number % 2].admit("greedy", from: Caller(hash: 1), at: now) }
        for caller in 2...4 { _ = gates[2].admit("\(caller)", from: Caller(hash: UInt64(caller)), at: now) }
        var served: [String] = []
        while case .handOver(let request) = gates[0].release(endpoint, at: now) {
            served.append(try #require(gates[request.loop].accept(endpoint, for: request).waiter))
        }
        #expect(served == ["greedy", "2", "3", "4", "greedy", "greedy", "greedy"])
        #expect(load.waiting == 0)
    }

    @Test
    func `A place found on one loop goes to whose turn it is on another`() throws {
        let load = makeLoad(limit: 1, loops: 2)
        var gates = (0..<2).map { RevisionGate<Int>(load, loop: $0) }
        _ = gates[0].admit(1, from: Caller(hash: 1), at: now)
        _ = gates[1].admit(2, from: Caller(hash: 2), at: now)
        let endpoint = EndpointLoad()
        for loop in 0..<2 { gates[loop].setEndpoints([endpoint]) }
        guard case .handOver(let request, let place)? = gates[1].next(at: now) else {
            Issue.record("no hand-over")
            return
        }
        #expect(request.loop == 0)
        #expect(gates[0].accept(place, for: request).waiter == 1)
        #expect(gates[1].next(at: now).waiter() == nil)
    }

    @Test
    func `Who leaves while a place is on its way leaves it to the next`() throws {
        var gate = RevisionGate<Int>(makeLoad(limit: 1), loop: 0)
        let endpoint = EndpointLoad()
        gate.setEndpoints([endpoint])
        _ = gate.admit(1, from: Caller(hash: 0), at: now)
        let ticket = try #require(gate.admit(2, from: Caller(hash: 0), at: now).ticket)
        _ = gate.admit(3, from: Caller(hash: 0), at: now)
        let request = try #require(gate.release(endpoint, at: now).request)
        let wasThere = gate.cancel(ticket)
        #expect(wasThere)
        #expect(gate.accept(endpoint, for: request).hasLeft)
        let next = try #require(gate.release(endpoint, at: now).request)
        #expect(gate.accept(endpoint, for: next).waiter == 3)
    }

    @Test
    func `Higher priorities go first, and one turn of eight to the others; the sheddable do not wait for the busy`() {
        var gate = RevisionGate<String>(makeLoad(limit: 1), loop: 0)
        var low = Placement()
        low.priority = .sheddable
        var high = Placement()
        high.priority = .critical
        #expect(gate.admit("low", from: Caller(hash: 0), low, at: now).ticket != nil, "at zero it waits")
        for number in 0..<9 { _ = gate.admit("\(number)", from: Caller(hash: 1), at: now) }
        _ = gate.admit("high", from: Caller(hash: 2), high, at: now)
        let endpoint = EndpointLoad()
        gate.setEndpoints([endpoint])
        var order: [String] = []
        while case .go(let waiter, _)? = gate.next(at: now) {
            order.append(waiter)
            endpoint.release()
        }
        #expect(order.first == "high")
        #expect(order.firstIndex(of: "low") == 7)
        #expect(order.count == 11)
        #expect(gate.admit("runs", from: Caller(hash: 0), low, at: now).index == 0)
        #expect(gate.admit("shed", from: Caller(hash: 0), low, at: now).isShed)
    }

    @Test
    func `An endpoint that fails again and again is left out, as long as half of them are not`() {
        var gate = RevisionGate<Int>(makeLoad(), loop: 0)
        let endpoints = (0..<3).map { _ in EndpointLoad() }
        gate.setEndpoints(endpoints)
        func failing(_ endpoint: EndpointLoad) -> MonotonicTime? {
            (0..<EndpointLoad.toleratedFailures).map { _ in gate.fail(endpoint, at: now) }.last ?? nil
        }
        #expect(failing(endpoints[0]) == now.advanced(by: .seconds(5)))
        #expect(failing(endpoints[1]) == nil, "two of three are too many")
        for _ in 0..<4 { #expect(gate.admit(1, from: Caller(hash: 0), at: now).index != 0) }
        let later = now.advanced(by: .seconds(6))
        #expect(!endpoints[0].isEjected(at: later))
        endpoints[1].noteAnswer()
        #expect(gate.fail(endpoints[1], at: later) == nil, "an answer in between makes good")
    }

    @Test
    func `A place at an endpoint that is closed or cannot be reached is handed to nobody`() {
        var gate = RevisionGate<Int>(makeLoad(limit: 1), loop: 0)
        let endpoint = EndpointLoad()
        gate.setEndpoints([endpoint])
        _ = gate.admit(1, from: Caller(hash: 0), at: now)
        _ = gate.admit(2, from: Caller(hash: 0), at: now)
        _ = endpoint.eject(at: now)
        #expect(gate.release(endpoint, at: now) == .done)
        #expect(endpoint.inFlight == 0)
        let later = now.advanced(by: .seconds(1))
        #expect(gate.next(at: later).waiter() == 2)
        _ = gate.admit(3, from: Caller(hash: 0), at: later)
        endpoint.retire()
        #expect(gate.release(endpoint, at: later) == .done)
        #expect(endpoint.inFlight == 0)
        #expect(gate.waiting == 1)
    }

    @Test
    func `A place for an endpoint that is unknown here is not taken`() {
        var gate = RevisionGate<Int>(makeLoad(), loop: 0)
        _ = gate.admit(1, from: Caller(hash: 0), at: now)
        let request = HeldRequest(loop: 0, number: 0)
        #expect(gate.load.line.popFirst() == request)
        guard case .unknown = gate.accept(EndpointLoad(), for: request) else {
            Issue.record("it was taken")
            return
        }
        #expect(gate.waiting == 1)
        #expect(gate.load.waiting == 1, "it is in the queue again")
    }

    @Test
    func `The queue is bounded over all loops`() {
        let load = makeLoad(loops: 2, queue: QueueLimits(requests: 3))
        var gates = (0..<2).map { RevisionGate<Int>(load, loop: $0) }
        for waiter in 0..<3 { #expect(gates[waiter % 2].admit(waiter, from: Caller(hash: 0), at: now).ticket != nil) }
        #expect(gates[0].admit(4, from: Caller(hash: 0), at: now).isFull)
        #expect(gates[1].removeAll() == [1])
        #expect(gates[0].admit(5, from: Caller(hash: 0), at: now).ticket != nil)
    }

    @Test
    func `The queue is bounded by what the requests hold, but never refuses the only one`() {
        var gate = RevisionGate<Int>(makeLoad(queue: QueueLimits(requests: 9, bytes: 100)), loop: 0)
        let caller = Caller(hash: 0)
        let first = gate.admit(1, from: caller, bytes: 1_000, at: now).ticket
        #expect(first != nil)
        #expect(gate.admit(2, from: caller, bytes: 1, at: now).isFull)
        #expect(gate.load.bytesWaiting == 1_000)
        #expect(first.map { gate.cancel($0) } == true)
        for waiter in 3...4 { #expect(gate.admit(waiter, from: caller, bytes: 50, at: now).ticket != nil) }
        #expect(gate.admit(5, from: caller, bytes: 1, at: now).isFull)
        #expect(gate.removeAll() == [3, 4])
        #expect(gate.load.bytesWaiting == 0)
    }

    /// Requests come, end and leave at random on three loops, with hand-overs delayed as between threads. At the end
    /// nobody waits while a place is free, and no place was given twice.
    @Test(arguments: 0..<50)
    func `No place is lost and none is given twice`(seed: Int) throws {
        var simulation = GateSimulation(seed: UInt64(seed))
        for _ in 0..<2_000 { simulation.step() }
        simulation.settle()
        #expect(simulation.problems.isEmpty, "seed \(seed): \(simulation.problems)")
    }
}

extension RevisionGate.Admission {
    fileprivate var wakes: Bool? { if case .hold(_, let wakes) = self { wakes } else { nil } }
    fileprivate var ticket: HoldTicket? { if case .hold(let ticket, _) = self { ticket } else { nil } }
    fileprivate var index: Int? { if case .go(let index) = self { index } else { nil } }
    fileprivate var isFull: Bool { if case .full = self { true } else { false } }
    fileprivate var isShed: Bool { if case .shed = self { true } else { false } }
}

extension RevisionGate.Release {
    fileprivate var request: HeldRequest? { if case .handOver(let request) = self { request } else { nil } }
}

extension RevisionGate.Acceptance {
    fileprivate var waiter: Waiter? { if case .go(let waiter, _) = self { waiter } else { nil } }
    fileprivate var hasLeft: Bool { if case .left = self { true } else { false } }
}

extension Optional {
    fileprivate func waiter<Waiter>() -> Waiter? where Wrapped == RevisionGate<Waiter>.Turn {
        if case .go(let waiter, _)? = self { waiter } else { nil }
    }
}

private struct GateSimulation {
    let limit = 2
    let endpoints = [EndpointLoad(), EndpointLoad()]
    var gates: [RevisionGate<Int>]
    var running: [(endpoint: Int, loop: Int)] = []
    var waiting: [(id: Int, loop: Int, ticket: HoldTicket)] = []
    var handOvers: [(endpoint: Int, request: HeldRequest)] = []
    var problems: [String] = []
    var state: UInt64
    var nextID = 0
    let now = MonotonicTime(nanoseconds: 0)

    init(seed: UInt64) {
        state = seed
        let load = RevisionLoad(namespace: "n", name: "r", concurrencyLimit: limit, loops: 3)
        gates = (0..<3).map { RevisionGate<Int>(load, loop: $0) }
        for loop in gates.indices { gates[loop].setEndpoints(endpoints) }
    }

    private mutating func random(_ bound: Int) -> Int {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Int((state >> 33) % UInt64(bound))
    }

    mutating func step() {
        switch random(4) {
        case 0: arrive(on: random(3))
        case 1: if !running.isEmpty { end(running.remove(at: random(running.count))) }
        case 2: if !waiting.isEmpty { leave(waiting.remove(at: random(waiting.count))) }
        default: if !handOvers.isEmpty { deliver(handOvers.remove(at: random(handOvers.count))) }
        }
        check()
    }

    mutating func settle() {
        while !handOvers.isEmpty || !running.isEmpty {
            if handOvers.isEmpty { end(running.removeFirst()) } else { deliver(handOvers.removeFirst()) }
            check()
        }
        if !waiting.isEmpty { problems.append("\(waiting.count) wait, and all places are free") }
        if gates[0].load.waiting != 0 { problems.append("the count of those who wait is wrong") }
    }

    private mutating func arrive(on loop: Int) {
        nextID += 1
        switch gates[loop].admit(nextID, from: Caller(hash: 0), at: now) {
        case .go(let endpoint): running.append((endpoint, loop))
        case .hold(let ticket, _):
            waiting.append((nextID, loop, ticket))
            letThrough(loop)
        case .full, .shed: problems.append("full")
        }
    }

    private mutating func letThrough(_ loop: Int) {
        while let turn = gates[loop].next(at: now) {
            switch turn {
            case .go(let id, let endpoint): start(id, endpoint, loop)
            case .handOver(let request, let endpoint): hand(endpoint, to: request)
            }
        }
    }

    private mutating func start(_ id: Int, _ endpoint: Int, _ loop: Int) {
        waiting.removeAll { $0.id == id }
        running.append((endpoint, loop))
    }

    private mutating func end(_ request: (endpoint: Int, loop: Int)) {
        release(request.endpoint, on: request.loop)
    }

    private mutating func release(_ endpoint: Int, on loop: Int) {
        if case .handOver(let request) = gates[loop].release(endpoints[endpoint], at: now) {
            hand(endpoints[endpoint], to: request)
        }
    }

    private mutating func hand(_ endpoint: EndpointLoad, to request: HeldRequest) {
        handOvers.append((endpoints.firstIndex { $0 === endpoint } ?? 0, request))
    }

    private mutating func leave(_ waiter: (id: Int, loop: Int, ticket: HoldTicket)) {
        if !gates[waiter.loop].cancel(waiter.ticket) { problems.append("\(waiter.id) was not in the queue") }
    }

    /// As a worker does it.
    private mutating func deliver(_ handOver: (endpoint: Int, request: HeldRequest)) {
        let loop = handOver.request.loop
        switch gates[loop].accept(endpoints[handOver.endpoint], for: handOver.request) {
        case .go(let id, let endpoint): start(id, endpoint, loop)
        case .left: release(handOver.endpoint, on: loop)
        case .unknown: problems.append("unknown")
        }
    }

    private mutating func check() {
        for (index, endpoint) in endpoints.enumerated() {
            let known = running.count { $0.endpoint == index } + handOvers.count { $0.endpoint == index }
            if endpoint.inFlight != known { problems.append("\(endpoint.inFlight) places taken, \(known) known") }
            if endpoint.inFlight > limit { problems.append("over the limit") }
        }
    }
}
