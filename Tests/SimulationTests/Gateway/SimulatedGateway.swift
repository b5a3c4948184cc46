import Activation
import KubeModel
import Randomness
import Routing

@testable import Proxy

/// The gateway's event loops, with the real registry between the tables.
final class SimulatedGateway {
    let events: EventQueue
    let referee: Referee
    let registry: TrafficRegistry
    let limits = GatewayLimits()
    let mutation: Mutation?
    private let concurrencyLimit: Int
    private(set) var loops: [SimulatedLoop] = []
    /// All that ever came.
    private(set) var calls: [Call] = []
    private var waits = 0
    private(set) var openCalls: [Int: (call: Call, loop: SimulatedLoop)] = [:]
    /// By uid.
    var pods: [String: SimulatedPod] = [:]
    var onWake: (_ revision: String) -> Void = { _ in }

    init(_ scenario: Scenario, _ events: EventQueue, _ referee: Referee) {
        self.events = events
        self.referee = referee
        mutation = scenario.mutation
        concurrencyLimit = scenario.concurrencyLimit
        registry = TrafficRegistry(loops: scenario.loops, queue: QueueLimits(requests: scenario.queueLimit))
        loops = (0..<scenario.loops).map { SimulatedLoop(index: $0, gateway: self) }
    }

    func swap(_ table: RoutingTable) {
        let prepared = registry.prepare(table)
        for loop in loops { loop.execute { loop.apply(prepared) } }
    }

    func wake(_ load: RevisionLoad) {
        referee.note("wake \(load.name)")
        if mutation != .losesWakeUps { onWake(load.name) }
    }

    /// Of a revision, by its name.
    func load(of revision: String) -> RevisionLoad? {
        registry.load(of: ObjectKey(namespace: "default", name: revision))
    }

    /// Places that are taken at a pod.
    func places(at podUID: String) -> Int { registry.inFlight(podUID: podUID) }

    // MARK: Callers

    @discardableResult
    func call(_ host: String, duration: Duration, leavesAfter patience: Duration? = nil) -> Call {
        // One of them sends half of all calls.
        let caller = Caller(hash: UInt64(events.random.below(2) * events.random.below(5)))
        let call = Call(number: calls.count, host: host, duration: duration, caller: caller)
        let loop = loops[events.random.below(loops.count)]
        calls.append(call)
        openCalls[call.number] = (call, loop)
        referee.note("call \(call.number) comes")
        loop.begin(call)
        if let patience { events.after(patience) { loop.leave(call) } }
        return call
    }

    func hasOpenCalls() -> Bool {
        openCalls = openCalls.filter { $0.value.call.status == nil }
        return !openCalls.isEmpty
    }

    func nextWaitNumber() -> Int {
        waits += 1
        return waits
    }

    // MARK: What the referee sees

    func granted(_ call: Call, to endpoint: Endpoint) {
        guard let pod = pods[endpoint.podUID] else { return }
        call.pod = pod
        pod.calls.insert(call.number)
        referee.note("call \(call.number) goes to \(endpoint.podUID)")
        referee.forbid(
            pod.isToldToStop, "call \(call.number) was sent to pod \(pod.uid), which had been told to stop")
        referee.forbid(
            concurrencyLimit > 0 && pod.calls.count > concurrencyLimit,
            "pod \(pod.uid) has \(pod.calls.count) calls at once, and may have \(concurrencyLimit)")
    }

    func returned(_ call: Call) {
        call.pod?.calls.remove(call.number)
        call.pod = nil
    }

    /// A place is given to `call`. Nobody else may be given more than one beyond those who stand before it in its own
    /// line: the lines are served in turn, on whatever loop they stand.
    func turn(of call: Call, _ load: RevisionLoad) {
        call.hasTurn = true
        for (waiting, _) in openCalls.values where waiting.isHeld && waiting.share?.load === load && !waiting.hasTurn {
            waiting.passed[call.caller, default: 0] += 1
            let (passed, bound) = (waiting.passed[call.caller] ?? 0, waiting.ahead + 2 + referee.strayHandOvers)
            guard call.caller != waiting.caller else { continue }
            referee.forbid(
                passed > bound,
                "call \(waiting.number) was overtaken \(passed) times by one caller; with \(waiting.ahead) of its own "
                    + "ahead of it the bound is \(bound)")
        }
    }

    /// Calls of the same caller that wait for the same revision.
    func waiting(before call: Call, _ load: RevisionLoad) -> Int {
        openCalls.values.count {
            $0.call !== call && $0.call.isHeld && $0.call.caller == call.caller && $0.call.share?.load === load
        }
    }

    func turn(of request: HeldRequest, _ load: RevisionLoad) {
        let share = loops[request.loop].shares[ObjectIdentifier(load)]
        if let call = share?.gate.waiter(of: request) { turn(of: call, load) }
    }

    /// The processes of a pod have ended.
    func ended(_ pod: SimulatedPod) {
        for number in pod.calls.sorted() {
            guard let (call, loop) = openCalls[number] else { continue }
            events.after(.zero ... .microseconds(200)) { loop.lost(call) }
        }
    }
}
