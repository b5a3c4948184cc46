import JSONModel
package import KubeModel

/// What a DomainMapping leads to: `spec.ref`, where it names something that answers at a host inside.
package struct DomainReference: Sendable, Hashable {
    package let resource: Resource
    package let key: ObjectKey

    /// The kinds that can be named.
    package static let resources: [Resource] = [.knativeServices, .routes, .inferenceServices, .services]

    /// - Returns: `nil` where it names an object of a kind that cannot be led to.
    package init?(_ mapping: Object) {
        let reference = mapping.spec["ref"]
        let group = Self.group(
            reference?["apiVersion"]?.nonEmptyString ?? reference?["group"]?.nonEmptyString.map { "\($0)/" } ?? "v1")
        let kind = reference?["kind"]?.stringValue
        guard let resource = Self.resources.first(where: { $0.group == group && $0.kind == kind }),
            let name = reference?["name"]?.nonEmptyString
        else { return nil }
        self.resource = resource
        key = ObjectKey(namespace: mapping.namespace, name: name)
    }

    private static func group(_ apiVersion: String) -> String {
        apiVersion.firstIndex(of: "/").map { String(apiVersion[..<$0]) } ?? ""
    }

    /// Where it answers.
    package var clusterHost: String { "\(key.name).\(key.namespace ?? "default").svc.cluster.local" }
}
