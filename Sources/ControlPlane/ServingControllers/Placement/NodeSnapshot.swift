import Autoscaling
import JSONModel
import KubeController
import KubeModel
import ServingAPI

/// What the scheduler decides by, read from the caches and the gateway's counters.
struct NodeSnapshot: Sendable {
    let bench: Workbench
    let ledger: RoomLedger
    let history: RequestHistory

    /// `nil` where the node has not said what it has: then nothing limits its pods.
    func room(for waiting: [Object]) -> NodeRoom? {
        guard let allocatable = ledger.node.flatMap(Amounts.init(allocatableOf:)) else { return nil }
        let clock = Calendar(bench.time)
        let pods = bench.store(.pods).all.filter(ledger.holdsRoom)
        var room = NodeRoom(allocatable: allocatable, taken: ledger.taken())
        let isLeaving = pods.map(isLeaving)
        room.leaving = zip(pods, isLeaving).filter(\.1).map(\.0).reduce(Amounts()) { $0 + ledger.demand(of: $1) }
        room.applicants = waiting.map { applicant($0, clock) }
        let staying = zip(pods, isLeaving).filter { !$1 && $0.labels[ServingKeys.revision] != nil }.map(\.0)
        room.occupants = Dictionary(grouping: staying) { $0.sibling($0.labels[ServingKeys.revision] ?? "") }
            .sorted { $0.key < $1.key }.map { occupant($0.key, $0.value, clock) }
        return room
    }

    /// A pod is also on its way out when its revision was scaled to zero and its deployment has yet to see that.
    private func isLeaving(_ pod: Object) -> Bool {
        guard !pod.isBeingDeleted else { return true }
        let revision = pod.labels[ServingKeys.revision].flatMap { bench.store(.revisions)[pod.sibling($0)] }
        let deployment = revision.flatMap { bench.store(.deployments)[$0.sibling(RevisionDeployment.name($0))] }
        return deployment?["spec", "replicas"]?.intValue == 0
    }

    // MARK: Applicants

    func applicant(_ pod: Object, _ clock: Calendar) -> Applicant {
        var applicant = Applicant(pod: pod.key, demand: ledger.demand(of: pod))
        applicant.priority = pod.priority
        applicant.since = pod.creationTimestamp.flatMap(Timestamp.seconds) ?? clock.seconds
        applicant.waited = .seconds(max(0, clock.seconds - applicant.since))
        let key = pod.labels[ServingKeys.revision].map(pod.sibling)
        guard let key, let revision = bench.store(.revisions)[key] else { return applicant }
        applicant.revision = key
        applicant.configuration = revision.configurationKey
        applicant.generation = revision.configurationGeneration
        applicant.isReachable = bench.store(.podAutoscalers)[key]?.isReachable ?? true
        applicant.isFurther = bench.store(.pods).labelled(ServingKeys.revision, key.name)
            .contains { $0.namespace == key.namespace && $0.isReady && !$0.isBeingDeleted }
        if let wait = revision.annotations[ServingKeys.roomWait].flatMap(Duration.init(goText:)) {
            applicant.patience = wait
        }
        let handOver = HandOver(revision, bench)
        applicant.replacesSiblings = handOver.isPossible
        applicant.asksForHandOver = handOver.isPossible && handOver.isAskedFor
        applicant.obstacle = handOver.obstacle
        applicant.note = handOver.note
        return applicant
    }

    // MARK: Occupants

    private func occupant(_ key: ObjectKey, _ pods: [Object], _ clock: Calendar) -> Occupant {
        var occupant = Occupant(revision: key)
        occupant.holds = pods.reduce(Amounts()) { $0 + ledger.demand(of: $1) }
        occupant.priority = pods.map(\.priority).max() ?? 0
        let reading = history.reading(namespace: key.namespace ?? "", revision: key.name)
        occupant.rate = history.rate(of: key)
        occupant.stayed = stayed(pods, clock)
        // What fails and fails answers nobody: who waits for it keeps no other out.
        occupant.isIdle = reading.inFlight == 0 || Self.keepsFailing(pods)
        let starts = pods.compactMap { $0.annotations[ServingKeys.startStages].map(Learner.seconds) }
        occupant.loadSeconds = ledger.loadSeconds(of: key) ?? starts.max() ?? 0
        occupant.mayGoToZero = mayGoToZero(key)
        if let revision = bench.store(.revisions)[key] {
            occupant.configuration = revision.configurationKey
            occupant.generation = revision.configurationGeneration
        }
        return occupant
    }

    /// Since the youngest replica is ready; of what keeps failing, since it was made.
    private func stayed(_ pods: [Object], _ clock: Calendar) -> Duration? {
        let since = pods.map { pod in
            Self.keepsFailing([pod]) ? pod.creationTimestamp.flatMap(Timestamp.seconds) : pod.readySince
        }
        guard let youngest = since.compactMap(\.self).max(), since.allSatisfy({ $0 != nil }) else { return nil }
        return .seconds(max(0, clock.seconds - youngest))
    }

    private static func keepsFailing(_ pods: [Object]) -> Bool {
        pods.allSatisfy { !$0.isReady && $0.isInCrashLoop }
    }

    private func mayGoToZero(_ revision: ObjectKey) -> Bool {
        guard let autoscaler = bench.store(.podAutoscalers)[revision] else { return false }
        let policy = ScalingPolicy(
            bench.autoscalerConfiguration, annotations: autoscaler.autoscalingAnnotations, containerConcurrency: 0)
        return !autoscaler.isReachable || policy.minScale == 0
    }
}

extension Object {
    /// Of a pod.
    fileprivate var priority: Int { self["spec", "priority"]?.intValue ?? 0 }

    /// Of a pod: when it became ready, in seconds since 1970; `nil` while it is not.
    var readySince: Int64? {
        let conditions = self["status", "conditions"]?.arrayValue ?? []
        let ready = conditions.first { $0["type"]?.stringValue == "Ready" && $0["status"]?.stringValue == "True" }
        return ready?["lastTransitionTime"]?.stringValue.flatMap(Timestamp.seconds)
    }

    /// Of a revision.
    var configurationKey: ObjectKey? { labels[ServingKeys.configuration].map(sibling) }
}
