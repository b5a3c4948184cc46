import JSONModel
package import KubeModel

/// What one write did to one object. Every change has a revision of its own, greater than all before it.
package struct Change: Sendable {
    package enum Kind: Int, Sendable {
        case added, modified, deleted
    }

    package let revision: Int
    package let resource: GroupResource
    package let kind: Kind
    /// As it is now; of a deleted one: as it last was, with the revision of its deletion as resourceVersion.
    package let version: ObjectVersion
    /// As it was before. `nil` for an added one.
    package let previous: ObjectVersion?

    /// `version`'s object, which is at hand in a change that was just committed; empty where a stored one is damaged.
    package var object: Object { (try? version.object()) ?? Object([:]) }
}
