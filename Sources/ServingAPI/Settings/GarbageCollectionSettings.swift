import KubeModel

/// Knative's `config-gc`: which old revisions are kept.
package struct GarbageCollectionSettings: PlatformSettings {
    package static let configMap = "config-gc"
    private static let disabled = "disabled"

    /// A revision younger than this is kept; `nil`: its age does not count.
    package var retainSinceCreateTime: Duration? = .seconds(48 * 3600)
    /// A revision that had traffic within this time is kept; `nil`: when it had does not count.
    package var retainSinceLastActiveTime: Duration? = .seconds(15 * 3600)
    /// So many revisions without traffic are kept however old they are.
    package var minNonActiveRevisions = 20
    /// No more revisions without traffic are kept however young they are; `nil`: no bound.
    package var maxNonActiveRevisions: Int? = 1000

    package init(_ entries: inout ConfigEntries) {
        entries.period("retain-since-create-time", into: &retainSinceCreateTime)
        entries.period("retain-since-last-active-time", into: &retainSinceLastActiveTime)
        entries.count("min-non-active-revisions", into: &minNonActiveRevisions)
        entries.read(
            "max-non-active-revisions", into: &maxNonActiveRevisions,
            "must be a whole number of at least 0, or \"\(Self.disabled)\""
        ) { text in
            text == Self.disabled ? .some(nil) : Int(text).flatMap { $0 >= 0 ? .some($0) : nil }
        }
        if let most = maxNonActiveRevisions, minNonActiveRevisions > most {
            entries.reject(
                "min-non-active-revisions", "must not exceed max-non-active-revisions, which is \(most)")
        }
    }
}

extension ConfigEntries {
    /// A duration, or `nil` for `disabled`.
    fileprivate mutating func period(_ key: String, into value: inout Duration?) {
        read(key, into: &value, "must be a duration, as in 48h, or \"disabled\"") { text in
            if text == "disabled" { return .some(nil) }
            return GoDuration.seconds(text).flatMap { $0 >= 0 ? .some(.seconds($0)) : nil }
        }
    }
}
