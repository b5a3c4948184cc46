import JSONModel
import KubeClient
import KubeController
import KubeModel
import ServingAPI

/// What every namespace has: the ServiceAccount `default`, and the ConfigMap `kube-root-ca.crt`, by which pods know this
/// server.
struct NamespaceDefaults: Sendable {
    static let account = "default"
    static let rootCertificate = "kube-root-ca.crt"

    let client: any ResourceClient
    /// PEM of the authority.
    let certificate: String

    /// - Parameter key: of the namespace.
    func reconcile(_ key: ObjectKey) async throws -> Outcome {
        guard let namespace = try await find(.namespaces, key), !namespace.isBeingDeleted else { return .done }
        if try await find(.serviceAccounts, ObjectKey(namespace: key.name, name: Self.account)) == nil {
            try await make(.serviceAccounts, Object(.serviceAccounts, namespace: key.name, name: Self.account))
        }
        let wanted: JSONValue = ["ca.crt": .string(certificate)]
        let configMap = try await find(.configMaps, ObjectKey(namespace: key.name, name: Self.rootCertificate))
        guard var configMap else {
            try await make(
                .configMaps, Object(.configMaps, namespace: key.name, name: Self.rootCertificate, ["data": wanted]))
            return .done
        }
        guard configMap.json["data"] != wanted else { return .done }
        configMap.json["data"] = wanted
        _ = try await client.replace(.configMaps, configMap, subresource: nil, Self.options)
        return .done
    }

    private static let options = WriteOptions(fieldManager: "martlet-namespaces")

    private func find(_ resource: Resource, _ key: ObjectKey) async throws -> Object? {
        do { return try await client.get(resource, key) } catch let status as Status where status.isNotFound {
            return nil
        }
    }

    /// A namespace may go, or another may be quicker: both are as well.
    private func make(_ resource: Resource, _ object: Object) async throws {
        do { _ = try await client.create(resource, object, Self.options) } catch let status as Status
            where status.isAlreadyExists || status.isNotFound || status.code == 403
        {}
    }
}
