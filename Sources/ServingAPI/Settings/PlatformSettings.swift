package import KubeModel

/// Settings that a ConfigMap of a known name holds. They are read anew wherever they count, so that a change of the
/// ConfigMap counts at once, and a restart changes nothing.
package protocol PlatformSettings: Sendable, Hashable {
    /// The ConfigMap's name.
    static var configMap: String { get }
    /// Where it is looked for, in this order: the first one found counts, whole.
    static var namespaces: [String] { get }

    init(_ entries: inout ConfigEntries)
}

extension PlatformSettings {
    package static var namespaces: [String] { ["martlet-system", "knative-serving"] }

    package static var keys: [ObjectKey] { namespaces.map { ObjectKey(namespace: $0, name: configMap) } }

    /// The defaults.
    package init() { self.init(configMap: nil) }

    /// - Parameter configMap: a value that cannot be read keeps its default; admission lets none pass.
    package init(configMap: Object?) {
        var entries = ConfigEntries(configMap)
        self.init(&entries)
    }

    /// The settings that hold.
    ///
    /// - Parameter find: a ConfigMap by its key; `nil` where there is none.
    package init(finding find: (ObjectKey) -> Object?) {
        self.init(configMap: Self.keys.lazy.compactMap(find).first)
    }

    /// What is wrong with a ConfigMap that holds them.
    static func problems(in configMap: Object) -> [Status.Cause] {
        var entries = ConfigEntries(configMap)
        _ = Self(&entries)
        return entries.problems
    }
}
