import KubeModel
import ObjectStore

/// What a change means to one watch. An object that begins to match is added, one that ceases to match is deleted.
struct WatchFilter: Sendable {
    var namespace: String?
    var selector: ObjectSelector

    func matches(_ version: ObjectVersion) throws -> Bool {
        guard namespace == nil || version.key.namespace == namespace else { return false }
        return try selector.isEverything || selector.matches(version.object())
    }

    /// Throws `StoreError` where a stored object cannot be read.
    func notice(of change: Change) throws -> WatchNotice? {
        guard namespace == nil || change.version.key.namespace == namespace else { return nil }
        switch change.kind {
        case .added: return try matches(change.version) ? .object(.added, change.version) : nil
        case .deleted: return try matches(change.version) ? .object(.deleted, change.version) : nil
        case .modified: return try modification(change)
        }
    }

    private func modification(_ change: Change) throws -> WatchNotice? {
        guard !selector.isEverything, let previous = change.previous else { return .object(.modified, change.version) }
        switch (try matches(previous), try matches(change.version)) {
        case (true, true): return .object(.modified, change.version)
        case (false, true): return .object(.added, change.version)
        case (false, false): return nil
        case (true, false):
            var last = try previous.object()
            last.resourceVersion = String(change.revision)
            return .object(.deleted, ObjectVersion(last))
        }
    }
}
