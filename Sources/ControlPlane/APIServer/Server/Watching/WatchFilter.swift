import KubeClient
import KubeModel
import ObjectStore

/// What a change means to one watch. An object that begins to match is added, one that ceases to match is deleted.
struct WatchFilter: Sendable {
    var namespace: String?
    var selector: ObjectSelector
    /// The version of a custom resource in which its objects are shown; `nil` for built-in ones.
    var customVersion: Resource?

    func matches(_ object: Object) -> Bool {
        (namespace == nil || object.namespace == namespace) && selector.matches(object)
    }

    func shown(_ object: Object) -> Object { customVersion.map { object.shown(as: $0) } ?? object }

    func event(for change: Change) -> WatchEvent? {
        guard namespace == nil || change.object.namespace == namespace else { return nil }
        let matches = selector.matches(change.object)
        switch change.kind {
        case .added: return matches ? .added(shown(change.object)) : nil
        case .deleted: return matches ? .deleted(shown(change.object)) : nil
        case .modified: return modification(change, matches)
        }
    }

    /// Where the former state is not known it counts as matching: watchers bear a deletion of what they never saw, and
    /// a modification too.
    private func modification(_ change: Change, _ matches: Bool) -> WatchEvent? {
        let matched = change.previous.map(selector.matches) ?? true
        switch (matched, matches) {
        case (true, true): return .modified(shown(change.object))
        case (false, true): return .added(shown(change.object))
        case (false, false): return nil
        case (true, false):
            var last = change.previous ?? change.object
            last.resourceVersion = change.object.resourceVersion
            return .deleted(shown(last))
        }
    }
}
