import JSONModel

/// A field that an applied configuration sets otherwise than its owner did.
struct Conflict {
    var owner: FieldManager
    var path: [PathElement]

    /// - Parameter written: the fields that are about to change.
    /// - Throws: 409 where any of them has an owner.
    static func check(_ fields: ManagedFields, _ written: FieldSet) throws(Status) {
        let conflicts = fields.managers.sorted { $0.identity.name < $1.identity.name }.flatMap { owner in
            owner.fields.intersection(written).paths.map { Conflict(owner: owner, path: $0) }
        }
        guard !conflicts.isEmpty else { return }
        throw Status(
            code: 409, reason: "Conflict", message: message(conflicts),
            causes: conflicts.map {
                Status.Cause(
                    reason: "FieldManagerConflict", message: "conflict with \($0.owner.title)", field: $0.field)
            })
    }

    private var field: String { path.map(\.description).joined() }

    /// In the words of Kubernetes, which kubectl shows, and follows with its advice.
    private static func message(_ conflicts: [Conflict]) -> String {
        if conflicts.count == 1, let conflict = conflicts.first {
            return "Apply failed with 1 conflict: conflict with \(conflict.owner.title): \(conflict.field)"
        }
        var lines: [String] = []
        var owner: FieldManager?
        for conflict in conflicts {
            if conflict.owner != owner { lines.append("conflicts with \(conflict.owner.title):") }
            owner = conflict.owner
            lines.append("- \(conflict.field)")
        }
        return "Apply failed with \(conflicts.count) conflicts: \(lines.joined(separator: "\n"))"
    }
}
