package import KubeModel

/// An object of one kind, for reading: it keeps the JSON and reads a field where it is asked for. What is missing or of a
/// wrong type reads as `nil` or as the field's default. Views are never written back.
package protocol View: Sendable, Hashable {
    var object: Object { get }
    init(_ object: Object)
}

extension View {
    package var name: String { object.name }
    /// Empty for cluster-scoped kinds.
    package var namespace: String { object.namespace ?? "" }
    package var key: ObjectKey { object.key }
    package var labels: [String: String] { object.labels }
    package var annotations: [String: String] { object.annotations }
}
