import KubeModel

/// Knative's `config-deployment`, as far as it means something without a registry: how long a revision may stand still.
package struct DeploymentSettings: PlatformSettings {
    package static let configMap = "config-deployment"

    /// Where no replica gets any further for so long, the revision has failed.
    package var progressDeadline: Duration = .seconds(600)

    package init(_ entries: inout ConfigEntries) {
        entries.read("progress-deadline", into: &progressDeadline, "must be whole seconds, at least one, as in 600s") {
            text in
            GoDuration.seconds(text).flatMap { $0 >= 1 && $0.rounded() == $0 ? .seconds($0) : nil }
        }
        var resolution = Duration.seconds(10)
        entries.duration("digest-resolution-timeout", into: &resolution, in: .nanoseconds(1) ... .seconds(Int64.max))
    }
}
