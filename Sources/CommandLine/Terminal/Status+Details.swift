import KubeModel

extension Status {
    /// What a person reads: the message or one line for each cause, and what to do where that is known.
    var details: String {
        guard causes.count > 1 else { return [message, remedy].compactMap(\.self).joined(separator: "\n") }
        let lines = causes.map { "  \($0.field): \($0.message)" }
        return (["\(kind ?? "the object") \"\(name ?? "")\" is invalid:"] + lines).joined(separator: "\n")
    }

    private var remedy: String? {
        guard isNotFound, let kind else { return nil }
        return "See what there is: martlet get \(kind) -A"
    }
}
