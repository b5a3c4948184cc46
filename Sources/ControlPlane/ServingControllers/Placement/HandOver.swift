import JSONModel
import KubeController
import KubeModel
import ServingAPI

/// A new revision that takes its predecessor's place instead of standing beside it.
///
/// `martlet.dev/hand-over-from` on the new revision says that it is under way: its predecessor was told to finish what
/// it answers and to go, its callers wait in the gateway, and it stands behind the new one for room. When the new one is
/// ready, the route leads to it, and those who wait go there. Where it fails instead, `martlet.dev/hand-over-failed`
/// says why: it is not started again, so the predecessor gets its room back.
struct HandOver: Sendable {
    private let revision: Object
    private let siblings: [Object]
    private let isSplit: Bool

    init(_ revision: Object, _ bench: Workbench) {
        self.revision = revision
        let configuration = revision.controller
        siblings =
            configuration.map { bench.store(.revisions).owned(by: $0.uid) }?.filter { $0.uid != revision.uid } ?? []
        let route = revision.labels[ServingKeys.service].flatMap { bench.store(.routes)[revision.sibling($0)] }
        let targets = route?["spec", "traffic"]?.arrayValue
        isSplit = targets?.contains { $0["revisionName"] != nil && $0["percent"]?.intValue ?? 0 > 0 } ?? true
    }

    /// Whether a pod has to ask the scheduler first because of a hand-over, be there room or not.
    static func concerns(_ pod: Object, _ bench: Workbench) -> Bool {
        guard let name = pod.labels[ServingKeys.revision], let revision = bench.store(.revisions)[pod.sibling(name)]
        else { return false }
        let handOver = HandOver(revision, bench)
        return handOver.obstacle != nil || handOver.isAskedFor && handOver.isPossible
    }

    /// Whether the revision shall replace those before it: it is the newest, was never ready, and all of the traffic
    /// follows. Where the traffic is split, both are needed.
    var isPossible: Bool {
        !isSplit && !revision.isReady && failure == nil
            && siblings.allSatisfy { $0.configurationGeneration < revision.configurationGeneration }
    }

    /// Why the new revision does not take its predecessor's place.
    var note: String? {
        guard isSplit, !siblings.isEmpty, !revision.isReady else { return nil }
        return "The traffic is split between revisions, so all of them need room: give them less memory, or let all "
            + "traffic follow the latest one, which then takes the place of those before it."
    }

    var isAskedFor: Bool { revision.annotations[ServingKeys.rollout] == "hand-over" }

    /// Why pods of the revision may not start now.
    var obstacle: String? {
        if let failure { return "the hand-over to this revision failed: \(failure)" }
        let successor = siblings.first {
            $0.annotations[ServingKeys.handOverFrom] != nil
                && $0.configurationGeneration > revision.configurationGeneration
        }
        return successor.map { "revision \"\($0.name)\" is taking its place" }
    }

    private var failure: String? { revision.annotations[ServingKeys.handOverFailed] }
}
