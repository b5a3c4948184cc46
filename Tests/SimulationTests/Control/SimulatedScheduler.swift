import Activation
import KubeController
import KubeModel

@testable import ServingControllers

/// Gives pods their place on a node that is too small for all of them: `Scheduler`, `RoomLedger` and `NodeSnapshot` in a
/// few lines, with the real `PlacementPlan`.
final class SimulatedScheduler {
    static let patience: Duration = .seconds(5)

    private let allocatable: Amounts
    private let scenario: Scenario
    private let events: EventQueue
    private let gateway: SimulatedGateway
    private let objects: SimulatedObjects
    private let controllers: SimulatedControllers
    private var isScheduled = false

    init(
        room: Int, _ scenario: Scenario, _ gateway: SimulatedGateway, _ objects: SimulatedObjects,
        _ controllers: SimulatedControllers
    ) {
        allocatable = Amounts(memory: room << 30)
        self.scenario = scenario
        self.gateway = gateway
        self.objects = objects
        self.controllers = controllers
        events = gateway.events
        objects.onRoom = { [unowned self] in look(after: .zero ... .milliseconds(5)) }
        controllers.hasRoom = { [unowned self] in hasRoom($0) }
    }

    private var waiting: [Object] {
        objects.pods.values.filter { $0["spec", "nodeName"] == nil && !$0.isBeingDeleted }.sorted { $0.name < $1.name }
    }

    private var bound: [Object] {
        objects.pods.values.filter { $0["spec", "nodeName"] != nil }.sorted { $0.name < $1.name }
    }

    private func demand(_ pods: [Object]) -> Amounts {
        pods.reduce(Amounts()) { $0 + PodDemand.amounts(of: $1, measured: nil, files: nil) }
    }

    private func hasRoom(_ pod: Object) -> Bool {
        if scenario.mutation == .givesRoomTwice { return true }
        return waiting.allSatisfy { $0.uid == pod.uid } && (allocatable - demand(bound)).lacks(demand([pod])).isEmpty
    }

    private func look(after delay: ClosedRange<Duration>) {
        guard !isScheduled else { return }
        isScheduled = true
        events.after(delay) {
            self.isScheduled = false
            self.place()
        }
    }

    private func place() {
        let held = demand(bound)
        gateway.referee.forbid(
            !allocatable.lacks(held).isEmpty,
            "pods hold room for \(held.text(Amounts.memory)), and there is \(allocatable.text(Amounts.memory))")
        let plan = PlacementPlan(room)
        for departure in plan.departures { dismiss(departure) }
        for applicant in plan.bound { objects.bindPod(applicant.pod.name) }
        if !waiting.isEmpty { look(after: Scheduler.interval...Scheduler.interval) }
    }

    private var room: NodeRoom {
        var room = NodeRoom(allocatable: allocatable, taken: demand(bound))
        room.leaving = demand(bound.filter(\.isBeingDeleted))
        room.applicants = waiting.map(applicant)
        let staying = Dictionary(grouping: bound.filter { !$0.isBeingDeleted }) { revision(of: $0) }
        room.occupants = staying.sorted { $0.key < $1.key }.map { occupant($0.key, $0.value) }
        return room
    }

    private func revision(of pod: Object) -> String { pod.labels["serving.knative.dev/revision"] ?? "" }

    private func key(_ revision: String) -> ObjectKey { ObjectKey(namespace: "default", name: revision) }

    private func applicant(_ pod: Object) -> Applicant {
        let revision = revision(of: pod)
        var applicant = Applicant(pod: pod.key, demand: demand([pod]))
        applicant.since = pod.creationTimestamp.flatMap(Timestamp.seconds) ?? 0
        applicant.waited = .seconds(max(0, events.time.secondsSince1970 - applicant.since))
        applicant.revision = key(revision)
        applicant.patience = Self.patience
        applicant.isReachable = objects.autoscalers[revision]?.isReachable ?? true
        applicant.isFurther = objects.pods(of: revision).contains { $0.isReady && !$0.isBeingDeleted }
        return applicant
    }

    private func occupant(_ revision: String, _ pods: [Object]) -> Occupant {
        var occupant = Occupant(revision: key(revision))
        occupant.holds = demand(pods)
        occupant.isIdle = scenario.mutation == .sendsBusyAway || inFlight(revision) == 0
        let since = pods.map(\.readySince)
        if since.allSatisfy({ $0 != nil }), let youngest = since.compactMap(\.self).max() {
            occupant.stayed = .seconds(max(0, events.time.secondsSince1970 - youngest))
        }
        return occupant
    }

    private func inFlight(_ revision: String) -> Int { gateway.load(of: revision)?.read(at: events.now).inFlight ?? 0 }

    private func dismiss(_ departure: Departure) {
        let revision = departure.occupant.revision.name
        gateway.referee.note("\(revision) leaves for \(departure.applicant.pod.name): \(departure.reason)")
        gateway.referee.forbid(
            departure.reason == .idle && inFlight(revision) > 0,
            "\(revision) was sent away with \(inFlight(revision)) calls under way")
        if departure.occupant.isIdle { return controllers.sendToSleep(revision) }
        for pod in objects.pods(of: revision) where pod["spec", "nodeName"] != nil {
            objects.deletePod(pod.name, uid: pod.uid, at: events.time.timestamp)
        }
    }
}
