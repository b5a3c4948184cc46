import Activation
import JSONModel
import KubeModel
import Randomness

@testable import ServingControllers

/// One history: gateway, autoscaler, deployments and node together, in virtual time.
///
/// First comes trouble: calls, and whatever the scenario has go wrong. Then nothing goes wrong any more and nobody calls:
/// every call must come to its end, and then everything must go to zero. Then one more call must wake it.
final class Simulation {
    let scenario: Scenario
    let events: EventQueue
    let referee: Referee
    let gateway: SimulatedGateway
    let objects = SimulatedObjects()
    let node: SimulatedNode
    let controllers: SimulatedControllers
    let services: [SimulatedService]
    let scheduler: SimulatedScheduler?
    private var isPublishing = false
    private var stuckSince: MonotonicTime?
    private var asleepSince: MonotonicTime?

    init(_ scenario: Scenario, traces: Bool = false) {
        self.scenario = scenario
        events = EventQueue(seed: scenario.seed)
        referee = Referee(events, traces: traces)
        gateway = SimulatedGateway(scenario, events, referee)
        node = SimulatedNode(scenario, gateway, objects)
        let traffic = SimulatedTraffic(readings: GatewayReadings(registry: gateway.registry, time: events.time))
        controllers = SimulatedControllers(scenario, events, objects, traffic, node)
        services = scenario.services.map { [objects, events, referee] name in
            SimulatedService(name, scenario, events, objects, referee)
        }
        scheduler = scenario.room.map { [gateway, objects, controllers] room in
            SimulatedScheduler(room: room, scenario, gateway, objects, controllers)
        }
        gateway.onWake = { [unowned self] in controllers.wake($0) }
        objects.onRouting = { [unowned self] in publish() }
    }

    /// Changes within a few milliseconds make one table; where the publisher rests, within a second.
    private func publish() {
        guard !isPublishing else { return }
        isPublishing = true
        let rest: ClosedRange<Duration> =
            events.random.chance(5) ? .zero ... .seconds(1) : .microseconds(50) ... .milliseconds(5)
        events.after(rest) {
            self.isPublishing = false
            self.gateway.swap(self.objects.compile())
        }
    }

    /// - Returns: What was broken.
    func run() -> [String] {
        for service in services { service.rollOut() }
        scheduleTrouble()
        watch()
        events.run(until: events.now.advanced(by: scenario.troubled))
        node.isTroubled = false
        allCallsMustEnd()
        everythingMustGoToZero()
        oneCallMustWakeIt()
        return referee.problems
    }

    // MARK: Trouble

    private func scheduleTrouble() {
        let time: ClosedRange<Duration> = .milliseconds(50)...scenario.troubled
        for _ in 0..<scenario.requests { events.after(burst(within: time)) { self.call() } }
        for _ in 0..<scenario.crashes { events.after(time) { self.crashOne() } }
        for _ in 0..<scenario.restarts { events.after(time) { self.controllers.restart() } }
        for _ in 0..<scenario.rollouts { events.after(time) { self.anyService.rollOut() } }
    }

    /// Half of the calls come in a few bursts, so that there is quiet between them and a sudden load.
    private func burst(within time: ClosedRange<Duration>) -> Duration {
        let moment = events.random.duration(time)
        guard events.random.chance(50) else { return moment }
        let burst = Duration.seconds(15)
        return min(time.upperBound, burst * Int(moment / burst) + .milliseconds(events.random.below(30)) + .seconds(1))
    }

    private func call() {
        let leaves = events.random.chance(scenario.leaving)
        gateway.call(
            anyService.host, duration: events.random.duration(scenario.answerTime),
            leavesAfter: leaves ? events.random.duration(.zero...scenario.startTime.upperBound) : nil)
    }

    private var anyService: SimulatedService { services[events.random.below(services.count)] }

    private func crashOne() {
        let running = gateway.pods.values.filter { $0.isListening && !$0.isToldToStop }.sorted { $0.uid < $1.uid }
        if !running.isEmpty { node.crash(running[events.random.below(running.count)]) }
    }

    // MARK: What must happen

    private func allCallsMustEnd() {
        let waiting = gateway.openCalls.count
        let perPlace = (waiting / max(1, scenario.concurrencyLimit == 0 ? waiting : scenario.concurrencyLimit)) + 1
        // The worst: a back-off, a restart of the controllers, a start, and then all one after the other.
        var bound = Duration.seconds(20) + scenario.startTime.upperBound * 2 + scenario.answerTime.upperBound * perPlace
        // Where not all fit, each of the others has its turn first, as often as there are calls for it left.
        if scenario.room != nil { bound = bound * services.count + SimulatedScheduler.patience * (services.count * 4) }
        events.run(until: events.now.advanced(by: bound)) { !self.gateway.hasOpenCalls() }
        let left = gateway.openCalls.values.map(\.call.number).sorted()
        referee.forbid(gateway.hasOpenCalls(), "calls \(left) have not ended after \(bound) without trouble")
    }

    private func everythingMustGoToZero() {
        // A new revision that has not had its turn, the window, the grace period or retention, delay, ticks.
        let bound = Duration.seconds(60) + scenario.startTime.upperBound * 2
        events.run(until: events.now.advanced(by: bound)) { self.objects.pods.isEmpty && self.wanted == 0 }
        referee.forbid(
            !objects.pods.isEmpty || wanted > 0,
            "\(objects.pods.count) pods are there and \(wanted) wanted \(bound) after the last call")
        for loop in gateway.loops {
            for share in loop.inOrder {
                referee.forbid(share.gate.waiting != 0, "\(share.gate.waiting) calls are in a queue, and none is open")
            }
        }
        countersMustBeZero()
    }

    var wanted: Int { objects.deployments.values.reduce(0) { $0 + ($1["spec", "replicas"]?.intValue ?? 0) } }

    private func countersMustBeZero() {
        for name in objects.revisions.keys.sorted() {
            guard let load = gateway.load(of: name) else { continue }
            let inFlight = load.read(at: events.now).inFlight
            referee.forbid(inFlight != 0, "\(name) counts \(inFlight) calls, and none is open")
            referee.forbid(load.waiting != 0, "\(name) counts \(load.waiting) that wait, and none does")
        }
        for uid in gateway.pods.keys.sorted() {
            let places = gateway.places(at: uid)
            referee.forbid(places != 0, "pod \(uid) counts \(places) calls, and none is open")
        }
    }

    private func oneCallMustWakeIt() {
        guard referee.problems.isEmpty else { return }
        events.run(until: events.now.advanced(by: .seconds(10)))
        referee.forbid(!objects.pods.isEmpty, "\(objects.pods.count) pods came by themselves")
        let call = gateway.call(anyService.host, duration: .milliseconds(5))
        let bound = Duration.seconds(3) + scenario.startTime.upperBound
        events.run(until: events.now.advanced(by: bound)) { call.status != nil }
        referee.forbid(
            call.status != 200, "the call from zero has status \(call.status ?? 0) after \(bound)")
    }

    // MARK: What may not be

    /// Looked at again and again: nobody waits while there is a place, nobody waits and nothing starts, never more
    /// replicas than allowed.
    func watch() {
        stuckSince = hasWaitingAndPlace ? stuckSince ?? events.now : nil
        if let since = stuckSince {
            referee.forbid(
                events.now > since.advanced(by: .milliseconds(1_500)),
                "somebody has waited beside a free place for 1.5 s")
        }
        asleepSince = hasWaitingAndNothingWanted ? asleepSince ?? events.now : nil
        if let since = asleepSince {
            referee.forbid(
                events.now > since.advanced(by: .seconds(5)), "somebody waits, and nothing was started for 5 s")
        }
        let most = scenario.annotations["max-scale"].flatMap(Int.init) ?? 0
        for (name, deployment) in objects.deployments where most > 0 {
            let replicas = deployment["spec", "replicas"]?.intValue ?? 0
            referee.forbid(replicas > most, "\(name) has \(replicas) replicas, and may have \(most)")
        }
        events.after(.milliseconds(100)) { self.watch() }
    }

    private var hasWaitingAndPlace: Bool {
        gateway.loops.contains { loop in
            loop.inOrder.contains { share in
                share.gate.waiting > 0 && share.endpoints.contains { hasPlace($0.load, share.load.concurrencyLimit) }
            }
        }
    }

    private func hasPlace(_ endpoint: EndpointLoad, _ limit: Int) -> Bool {
        !endpoint.isClosed && !endpoint.isEjected(at: events.now) && (limit == 0 || endpoint.inFlight < limit)
    }

    private var hasWaitingAndNothingWanted: Bool {
        gateway.loops.contains { loop in
            loop.inOrder.contains { share in
                share.gate.waiting > 0 && objects.deployments[share.load.name]?["spec", "replicas"]?.intValue == 0
            }
        }
    }
}
