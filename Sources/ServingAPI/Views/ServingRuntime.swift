package import JSONModel
package import KubeModel

/// `serving.kserve.io/v1alpha1` ServingRuntime or ClusterServingRuntime, for reading.
package struct ServingRuntime: View {
    /// An entry of `spec.supportedModelFormats`.
    package struct Format: Sendable, Hashable {
        package var name: String
        package var version: String?
        package var isAutoSelected: Bool
        package var priority: Int?

        /// `sklearn`, `sklearn 1`: as messages name it.
        package var text: String { version.map { "\(name) \($0)" } ?? name }
    }

    package let object: Object

    package init(_ object: Object) { self.object = object }

    package var isClusterScoped: Bool { object.namespace == nil }
    package var isDisabled: Bool { object.spec["disabled"]?.boolValue ?? false }
    package var isMultiModel: Bool { object.spec["multiModel"]?.boolValue ?? false }
    package var hasWorker: Bool { object.spec["workerSpec"]?.objectValue != nil }
    package var containers: [JSONValue] { object.spec["containers"]?.arrayValue ?? [] }
    /// What it speaks; none listed means any.
    package var protocolVersions: [String] { object.spec["protocolVersions"]?.words ?? [] }
    /// `mlserver`, `tritonserver`, ...: what kind of server it is, where the runtime says so.
    package var serverType: String? { annotations[ServingKeys.serverType] }
    /// Labels for its pods.
    package var podLabels: [String: String] { object.spec["labels"]?.strings ?? [:] }
    package var podAnnotations: [String: String] { object.spec["annotations"]?.strings ?? [:] }

    package var formats: [Format] {
        (object.spec["supportedModelFormats"]?.arrayValue ?? []).map { json in
            Format(
                name: json["name"]?.stringValue ?? "", version: json["version"]?.nonEmptyString,
                isAutoSelected: json["autoSelect"]?.boolValue ?? false, priority: json["priority"]?.intValue)
        }
    }

    /// `ServingRuntime a`, `ClusterServingRuntime b`: as messages name it.
    package var title: String { "\(isClusterScoped ? "ClusterServingRuntime" : "ServingRuntime") \(name)" }
}
