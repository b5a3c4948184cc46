import KubeModel

/// The annotation `martlet.dev/shadow`: `<revision or tag>=<percent>`.
package struct ShadowRule: Sendable, Hashable {
    /// A tag of the service, or else a revision's name.
    package var target: String
    /// Of the requests, 1 to 100.
    package var percent: Int

    /// `nil` where the text says something else.
    package init?(_ text: String) {
        let parts = text.split(separator: "=", omittingEmptySubsequences: false)
        guard parts.count == 2, !parts[0].isEmpty, let percent = Int(parts[1]), 1...100 ~= percent else { return nil }
        target = String(parts[0])
        self.percent = percent
    }

    static func check(_ annotations: [String: String], _ path: FieldPath) -> [Status.Cause] {
        guard let text = annotations[ServingKeys.shadow], ShadowRule(text) == nil else { return [] }
        return [
            .invalid(
                path.key(ServingKeys.shadow), text.quoted,
                "must be <revision or tag>=<percent> with 1 to 100 percent, as in candidate=10")
        ]
    }
}
