import KubeClient
import KubeModel
import ObjectStore

/// One event of a watch. Watchers of the same change share its version, and so the text that is made of it.
enum WatchNotice: Sendable {
    enum Kind: String, Sendable {
        case added = "ADDED"
        case modified = "MODIFIED"
        case deleted = "DELETED"
    }

    case object(Kind, ObjectVersion)
    /// Nothing else happened up to this revision.
    case bookmark(revision: Int, endsInitialEvents: Bool = false)

    /// - Parameter resource: in whose version the object is shown.
    /// - Throws: `StoreError` where the object cannot be read.
    func event(as resource: Resource) throws -> WatchEvent {
        switch self {
        case .object(.added, let version): .added(try version.object().shown(as: resource))
        case .object(.modified, let version): .modified(try version.object().shown(as: resource))
        case .object(.deleted, let version): .deleted(try version.object().shown(as: resource))
        case .bookmark(let revision, _): .bookmark(resourceVersion: String(revision))
        }
    }
}
