import Activation
import JSONModel
import KubeController
import KubeModel

@testable import Proxy

/// Pods as processes that take their time, fail and crash; what becomes of them is written to their objects a little
/// later. A pod that is deleted is drained through the gateway first, as the NodeAgent does it.
final class SimulatedNode {
    private let events: EventQueue
    private let gateway: SimulatedGateway
    private let objects: SimulatedObjects
    private let scenario: Scenario
    var referee: Referee { gateway.referee }
    var isTroubled = true
    private(set) var starts = 0

    private static let drainLimit: Duration = .seconds(60)

    init(_ scenario: Scenario, _ gateway: SimulatedGateway, _ objects: SimulatedObjects) {
        self.scenario = scenario
        self.gateway = gateway
        self.objects = objects
        events = gateway.events
        objects.onBinding = { [unowned self] in created($0) }
        objects.onDeletion = { [unowned self] in deleted($0) }
    }

    private func created(_ pod: Object) {
        let process = SimulatedPod(uid: pod.uid, name: pod.name)
        gateway.pods[pod.uid] = process
        events.after(.zero ... .milliseconds(10)) { self.start(process) }
    }

    private func start(_ pod: SimulatedPod) {
        guard !pod.isToldToStop else { return }
        pod.start += 1
        starts += 1
        let start = pod.start
        let fails = isTroubled && events.random.chance(scenario.failingStarts)
        events.after(scenario.startTime) {
            guard pod.start == start, !pod.isToldToStop else { return }
            if fails {
                self.restart(pod)
            } else {
                pod.isListening = true
                self.report(pod)
            }
        }
    }

    /// It ended by itself: again, after 1 s, 2 s, 4 s ... 10 s.
    private func restart(_ pod: SimulatedPod) {
        referee.note("\(pod.uid) ended by itself")
        pod.failures += 1
        pod.start += 1
        events.after(.seconds(min(10, 1 << min(pod.failures - 1, 4)))) { self.start(pod) }
    }

    func crash(_ pod: SimulatedPod) {
        guard pod.isListening, !pod.isToldToStop else { return }
        pod.isListening = false
        gateway.ended(pod)
        report(pod)
        restart(pod)
    }

    private func report(_ pod: SimulatedPod) {
        events.after(.zero ... .milliseconds(10)) {
            self.objects.updatePod(pod.name) { object in
                guard object.uid == pod.uid else { return }
                let isReady = pod.isListening ? "True" : "False"
                object["status", "podIP"] = "127.1.0.1"
                object["status", "phase"] = "Running"
                object.setConditions([Condition("Ready", isReady)], now: self.events.time.timestamp)
            }
        }
    }

    // MARK: Stopping

    private func deleted(_ object: Object) {
        guard let pod = gateway.pods[object.uid] else { return }
        events.after(.zero ... .milliseconds(10)) { self.drain(pod) }
    }

    private func drain(_ pod: SimulatedPod) {
        referee.note("drain \(pod.uid)")
        let loads = scenario.mutation == .leavesEndpointOpen ? [] : gateway.registry.retire(podUID: pod.uid)
        if scenario.mutation == .stopsWithoutDrain {
            events.after(.milliseconds(1)) { self.stop(pod) }
            return
        }
        watch(pod, loads, since: events.now)
    }

    /// As `Gateway.drain`, which waits for `whenDrained`: here it is looked at, for nothing may run by itself.
    private func watch(_ pod: SimulatedPod, _ loads: [EndpointLoad], since: MonotonicTime) {
        let isDrained = loads.allSatisfy { $0.inFlight == 0 && $0.isClosed }
        if isDrained || events.now > since.advanced(by: Self.drainLimit) {
            stop(pod)
        } else {
            events.after(.milliseconds(10)) { self.watch(pod, loads, since: since) }
        }
    }

    private func stop(_ pod: SimulatedPod) {
        referee.note("stop \(pod.uid)")
        referee.forbid(!pod.calls.isEmpty, "pod \(pod.uid) was stopped with \(pod.calls.count) calls under way")
        pod.isToldToStop = true
        pod.isListening = false
        gateway.ended(pod)
        events.after(.milliseconds(1) ... .milliseconds(200)) { self.objects.removePod(pod.name, uid: pod.uid) }
    }
}
