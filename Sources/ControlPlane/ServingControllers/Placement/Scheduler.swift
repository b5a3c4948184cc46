import JSONModel
import KubeController
import KubeModel
import ServingAPI

/// Gives pods their node, as far as there is room; sees to it that room comes for those who wait.
///
/// A new pod that fits is bound where it is made (`RoomLedger.nodeForNew`); what comes here has to wait, or was made by
/// somebody else. While anybody waits, it looks again several times a second: a model that stops being used changes no
/// object.
struct Scheduler: Sendable {
    static let fieldManager = "martlet-scheduler"
    static let interval: Duration = .milliseconds(250)

    let bench: Workbench
    let ledger: RoomLedger
    let history: RequestHistory
    let loads: RevisionLoads

    func reconcile(_ key: ObjectKey) async throws -> Outcome {
        guard key.name == ledger.nodeName, ledger.node != nil else { return .done }
        let waiting = ledger.waiting
        guard !waiting.isEmpty else { return .done }
        let snapshot = NodeSnapshot(bench: bench, ledger: ledger, history: history)
        guard let room = snapshot.room(for: waiting) else {
            let clock = Calendar(bench.time)
            for pod in waiting { try await bind(snapshot.applicant(pod, clock)) }
            return .done
        }
        let plan = PlacementPlan(room)
        for departure in plan.departures { try await dismiss(departure) }
        for applicant in plan.bound { try await bind(applicant) }
        for (pod, message) in plan.waits.sorted(by: { $0.key < $1.key }) { try await explain(pod, message) }
        return plan.waits.isEmpty ? .done : .lookAgain(after: Self.interval)
    }

    // MARK: Those who wait

    private func bind(_ applicant: Applicant) async throws {
        guard let pod = bench.store(.pods)[applicant.pod], ledger.claim(applicant.demand, for: applicant.pod) else {
            return
        }
        let fields: JSONValue = [
            "metadata": ["uid": .string(pod.uid), "resourceVersion": .string(pod.resourceVersion)],
            "spec": ["nodeName": .string(ledger.nodeName)],
        ]
        try await bench.perform(Plan.Change(resource: .pods, key: pod.key, fields: fields), as: Self.fieldManager)
        await bench.tell(PlacementEvents.scheduled(applicant, ledger.nodeName), about: pod)
    }

    /// Says in the pod's status why it waits, where that is news.
    private func explain(_ key: ObjectKey, _ message: String) async throws {
        guard var pod = bench.store(.pods)[key] else { return }
        let condition = Condition("PodScheduled", "False", reason: "Unschedulable", message: message)
        let old = pod.condition("PodScheduled")
        guard old != condition else { return }
        var others = pod.conditions.filter { $0.type != condition.type }
        others.append(condition)
        pod.setConditions(others, now: bench.time.timestamp)
        let fields: JSONValue = [
            "metadata": ["uid": .string(pod.uid)],
            "status": ["phase": "Pending", "conditions": pod["status", "conditions"] ?? []],
        ]
        let change = Plan.Change(resource: .pods, key: key, fields: fields, subresource: "status")
        try await bench.perform(change, as: Self.fieldManager)
        if old?.isFalse != true { await bench.tell(PlacementEvents.unschedulable(message), about: pod) }
    }

    // MARK: Those who leave

    private func dismiss(_ departure: Departure) async throws {
        let key = departure.occupant.revision
        if departure.reason == .handOver { try await beginHandOver(departure) }
        if departure.occupant.isIdle, departure.occupant.mayGoToZero {
            try await scaleToZero(key)
        } else {
            // Their deployment makes others, which stand in line.
            let pods = bench.store(.pods).labelled(ServingKeys.revision, key.name)
            for pod in pods where pod.namespace == key.namespace && !pod.isBeingDeleted && ledger.holdsRoom(pod) {
                try await bench.delete(Plan.Manifest(.pods, pod))
            }
        }
        if let revision = bench.store(.revisions)[key] {
            await bench.tell(PlacementEvents.left(departure), about: revision)
        }
        if let pod = bench.store(.pods)[departure.applicant.pod] {
            await bench.tell(PlacementEvents.roomMade(departure), about: pod)
        }
    }

    private func scaleToZero(_ revision: ObjectKey) async throws {
        loads.quieten(revision)
        guard let target = bench.store(.podAutoscalers)[revision]?["spec", "scaleTargetRef", "name"]?.stringValue else {
            return
        }
        let key = ObjectKey(namespace: revision.namespace, name: target)
        let change = Plan.Change(resource: .deployments, key: key, fields: ["spec": ["replicas": 0]])
        try await bench.perform(change, as: Self.fieldManager)
    }

    private func beginHandOver(_ departure: Departure) async throws {
        guard let successor = departure.applicant.revision else { return }
        let annotations: JSONValue = [ServingKeys.handOverFrom: .string(departure.occupant.revision.name)]
        let change = Plan.Change(
            resource: .revisions, key: successor, fields: ["metadata": ["annotations": annotations]])
        try await bench.perform(change, as: Self.fieldManager)
    }
}
