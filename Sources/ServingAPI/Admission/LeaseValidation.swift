import JSONModel
import KubeModel

/// What must hold for a Lease, beyond its schema.
enum LeaseValidation {
    @Sendable static func check(_ lease: Object, _ old: Object?) -> [Status.Cause] {
        let path = FieldPath("spec")
        var causes: [Status.Cause] = []
        if let seconds = lease.spec["leaseDurationSeconds"]?.intValue, seconds <= 0 {
            causes.append(.invalid(path.field("leaseDurationSeconds"), "\(seconds)", "must be greater than 0"))
        }
        if let count = lease.spec["leaseTransitions"]?.intValue, count < 0 {
            causes.append(.invalid(path.field("leaseTransitions"), "\(count)", "must be at least 0"))
        }
        return causes
    }
}
