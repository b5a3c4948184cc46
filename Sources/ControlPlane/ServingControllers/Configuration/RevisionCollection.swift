import KubeModel
import ServingAPI

/// Which of a configuration's revisions nobody needs any more (Knative, `pkg/reconciler/gc`).
///
/// Only those that had traffic once and have none now (`reserve`) can go, the one that was without it the longest first:
/// while more than the least number remain, those that are older than both periods; and however young, as many as there
/// are more than the greatest number. The latest ready revision always stays, and what is marked to be kept.
struct RevisionCollection: Sendable, Hashable {
    let collected: [Object]
    /// When the next one becomes old enough.
    let lookAgain: Duration?

    /// - Parameters:
    ///   - kept: names of revisions that somebody may go back to.
    ///   - now: seconds since 1970.
    init(_ revisions: [Object], kept: Set<String>, _ settings: GarbageCollectionSettings, now: Int64) {
        let idle = revisions.filter { Self.isIdle($0) && !kept.contains($0.name) && !$0.isBeingDeleted }
            .sorted { (Self.lastActive($0), $0.name) < (Self.lastActive($1), $1.name) }
        let spare = max(0, idle.count - settings.minNonActiveRevisions)
        let ends = idle.map { Self.end($0, settings) }
        let stale = zip(idle, ends).filter { $0.1.map { $0 <= now } ?? false }.prefix(spare).map(\.0)
        let names = Set(stale.map(\.name))
        let rest = idle.filter { !names.contains($0.name) }
        let excess = settings.maxNonActiveRevisions.map { max(0, rest.count - $0) } ?? 0
        collected = stale + rest.prefix(excess)
        let next = zip(idle, ends).compactMap { names.contains($0.0.name) ? nil : $0.1 }.filter { $0 > now }.min()
        lookAgain = spare > collected.count ? next.map { .seconds($0 - now) } : nil
    }

    private static func isIdle(_ revision: Object) -> Bool {
        revision.labels[ServingKeys.routingState] == "reserve"
            && revision.annotations[Annotation.noGC]?.lowercased() != "true"
    }

    /// Since when it has no traffic, in seconds since 1970.
    private static func lastActive(_ revision: Object) -> Int64 {
        revision.annotations[Annotation.routingStateModified].flatMap(Timestamp.seconds) ?? created(revision)
    }

    private static func created(_ revision: Object) -> Int64 {
        revision.creationTimestamp.flatMap(Timestamp.seconds) ?? 0
    }

    /// When both periods are over; `nil`: it never becomes too old.
    private static func end(_ revision: Object, _ settings: GarbageCollectionSettings) -> Int64? {
        let byAge = settings.retainSinceCreateTime.map { created(revision) + $0.components.seconds }
        let byUse = settings.retainSinceLastActiveTime.map { lastActive(revision) + $0.components.seconds }
        return [byAge, byUse].compactMap(\.self).max()
    }
}
