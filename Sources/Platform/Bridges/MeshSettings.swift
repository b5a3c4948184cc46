import JSONModel
import KubeModel
import ServingAPI
import YAMLModel

/// Istio's settings, as far as policies need them: the ConfigMap `istio` in `istio-system`, with YAML in `mesh`.
enum MeshSettings {
    static let key = ObjectKey(namespace: "istio-system", name: "istio")

    /// - Returns: whom the action CUSTOM may ask. What cannot be read is not among them, and asking it is a denial.
    static func providers(_ map: Object?) -> [CheckProvider] {
        guard let text = map?.json[path: "data", "mesh"]?.stringValue, let mesh = try? JSONValue(yaml: text) else {
            return []
        }
        return (mesh["extensionProviders"]?.arrayValue ?? []).compactMap(CheckProvider.init)
    }
}
