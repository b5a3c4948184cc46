package import KubeClient
package import KubeModel

/// What a caller wants to write.
package enum Write: Sendable {
    case create(Object)
    case replace(Object)
    case patch(Patch)

    var isPatch: Bool { if case .patch = self { true } else { false } }
}

/// What came of a write.
package struct WriteOutcome: Sendable {
    /// As it is now (or would be, in a dry run).
    package var object: Object
    /// Whether it was not there before.
    package var isCreated: Bool
    /// What a person should be told, such as fields that were dropped.
    package var warnings: [String]

    init(object: Object, isCreated: Bool = false, warnings: [String] = []) {
        self.object = object
        self.isCreated = isCreated
        self.warnings = warnings
    }
}
