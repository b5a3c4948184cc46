/// Knative's `config-features`: what can be switched on.
package struct FeatureSettings: PlatformSettings {
    package static let configMap = "config-features"
    private static let states = ["Enabled", "Allowed", "Disabled"]

    /// Whether a request's header may name the tag that it goes to.
    package var routesByTagHeader = false

    package init(_ entries: inout ConfigEntries) {
        var state = "Disabled"
        entries.word("tag-header-based-routing", into: &state, among: Self.states)
        routesByTagHeader = state == "Enabled"
    }
}
