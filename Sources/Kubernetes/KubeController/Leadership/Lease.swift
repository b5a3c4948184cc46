import JSONModel
import KubeModel

/// A view of a `Lease` (coordination.k8s.io/v1): who leads, since when, and until when it need not say so again.
struct Lease: Sendable, Hashable {
    static let resource = Resource(group: "coordination.k8s.io", version: "v1", kind: "Lease", plural: "leases")

    /// As it was read; every field that is not ours stays.
    private(set) var object: Object

    init(_ object: Object) { self.object = object }

    init(_ key: ObjectKey) { object = Object(Self.resource, namespace: key.namespace, name: key.name) }

    /// Empty when nobody leads.
    var holder: String {
        get { object["spec", "holderIdentity"]?.stringValue ?? "" }
        set { object["spec", "holderIdentity"] = .string(newValue) }
    }

    var duration: Duration {
        get { .seconds(object["spec", "leaseDurationSeconds"]?.intValue ?? 0) }
        set { object["spec", "leaseDurationSeconds"] = .number(JSONNumber(Int(newValue.components.seconds))) }
    }

    /// How often another one became the leader.
    var transitions: Int {
        get { object["spec", "leaseTransitions"]?.intValue ?? 0 }
        set { object["spec", "leaseTransitions"] = .number(JSONNumber(newValue)) }
    }

    var acquireTime: String? {
        get { object["spec", "acquireTime"]?.stringValue }
        set { object["spec", "acquireTime"] = newValue.map { .string($0) } }
    }

    var renewTime: String? {
        get { object["spec", "renewTime"]?.stringValue }
        set { object["spec", "renewTime"] = newValue.map { .string($0) } }
    }
}
