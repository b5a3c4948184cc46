package import KubeModel

/// What happened to one object of a store.
package enum Change: Sendable, Hashable {
    case added(Object)
    case modified(old: Object, new: Object)
    /// The object as it last was.
    case deleted(Object)

    /// The object as it is, or as it last was.
    package var object: Object {
        switch self {
        case .added(let object), .modified(_, let object), .deleted(let object): object
        }
    }

    package var old: Object? {
        switch self {
        case .added: nil
        case .modified(let old, _): old
        case .deleted(let old): old
        }
    }
}
