import KubeModel

/// ConfigMaps that change how the platform behaves are read before they are stored: a mistake in one is refused, and what
/// was there before holds.
enum SettingsValidation {
    private static let kinds: [any PlatformSettings.Type] = [
        RevisionDefaults.self, DeploymentSettings.self, GarbageCollectionSettings.self, NetworkSettings.self,
        FeatureSettings.self, InferenceServiceSettings.self, ObservabilitySettings.self,
    ]

    static func check(_ configMap: Object) -> [Status.Cause] {
        kinds.first { $0.keys.contains(configMap.key) }?.problems(in: configMap) ?? []
    }
}
