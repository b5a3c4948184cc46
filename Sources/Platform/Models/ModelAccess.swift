import JSONModel
import KubeClient
import KubeModel
import ModelStorage
import ServingAPI

/// Why a pod's credentials for its model cannot be had, and what to do about it.
struct ModelAccessError: Error, CustomStringConvertible {
    var description: String
}

/// The credentials with which a pod's model is fetched, found where KServe finds them: the Secrets of its service
/// account, and data connections. They are read when the pod is prepared, and kept nowhere.
struct ModelAccess {
    static let defaultSecret = "storage-config"
    private static let bundleKey = "cabundle.crt"

    let client: any ResourceClient
    let pod: Object
    /// Where the directories of claims are that name none themselves.
    let volumes: String

    private var namespace: String { pod.namespace ?? "default" }

    /// What is asked of the cache for a part of the model.
    ///
    /// - Throws: `ModelAccessError`.
    func request(_ part: ModelPart) async throws -> ModelRequest {
        if let connection = part.connection { return try await request(connection) }
        if let rest = part.uri?.split(separator: "://", maxSplits: 1), rest.count == 2, rest[0] == "pvc" {
            return try await claimed(rest[1])
        }
        var variables = patterns
        for secret in try await accountSecrets() {
            variables.merge(secret.variables) { old, _ in old }
            if let name = secret.bundleConfigMap { try await addBundle(name, to: &variables) }
        }
        if part.uri?.hasPrefix("oci") == true { variables[".dockerconfigjson"] = try await pullSecrets() }
        return ModelRequest(uri: part.uri ?? "", variables: variables, owner: namespace)
    }

    /// The same for a URI whose credentials a data connection holds, if it names one.
    func request(_ uri: String, storage: JSONValue?) async throws -> ModelRequest {
        guard let storage, storage.objectValue != nil else {
            return try await request(ModelPart(uri: uri, mountPath: ServingKeys.modelPath))
        }
        let entry = try await entry(ModelPart.Connection(storage))
        var variables = entry.variables
        if let name = entry.bundleConfigMap { try await addBundle(name, to: &variables) }
        return ModelRequest(uri: uri, variables: variables, owner: namespace)
    }

    private func request(_ connection: ModelPart.Connection) async throws -> ModelRequest {
        let entry = try await entry(connection)
        var variables = patterns.merging(entry.variables) { $1 }
        if let name = entry.bundleConfigMap { try await addBundle(name, to: &variables) }
        do {
            return ModelRequest(uri: try entry.uri(connection.path), variables: variables, owner: namespace)
        } catch {
            throw ModelAccessError(description: "model.storage: \(error)")
        }
    }

    /// The entry that a connection names: in the Secret of entries, or a data connection's own Secret.
    private func entry(_ connection: ModelPart.Connection) async throws -> StorageEntry {
        let name = pod.annotations[ServingKeys.storageSecretName] ?? Self.defaultSecret
        let secret = try await secret(name)
        let kind = connection.parameters["type"].map { "default_\($0)" }
        let keys = connection.key.map { [$0] } ?? ["default", kind].compactMap(\.self)
        if let secret, let text = keys.lazy.compactMap({ secret[$0] }).first {
            guard let json = try? JSONValue(parsing: Array(text.utf8)), json.objectValue != nil else {
                throw ModelAccessError(
                    description: "invalid json encountered in key \(keys[0]) of storage secret \(name): correct it")
            }
            return StorageEntry(json, parameters: connection.parameters)
        }
        guard let key = connection.key else { return StorageEntry([:], parameters: connection.parameters) }
        if let own = try await self.secret(key), own.isDataConnection {
            return StorageEntry(own, parameters: connection.parameters)
        }
        let others = secret?.keys.joined(separator: ", ") ?? ""
        throw ModelAccessError(
            description: "specified storage key \(key) not found in storage secret \(name): "
                + (others.isEmpty ? "add it there" : "it has \(others)"))
    }

    /// A claim is a directory of this machine: the one that its annotation names, or one of Martlet's own.
    private func claimed(_ text: Substring) async throws -> ModelRequest {
        let parts = text.split(separator: "/")
        let name = String(parts.first ?? "")
        guard !parts.contains(".."),
            let claim = try await object(.persistentVolumeClaims, ObjectKey(namespace: namespace, name: name))
        else {
            throw ModelAccessError(
                description: "there is no PersistentVolumeClaim \(name) in namespace \(namespace): make it, with the "
                    + "annotation \(ServingKeys.claimPath) that names its directory on this machine")
        }
        let directory = claim.annotations[ServingKeys.claimPath] ?? "\(volumes)/\(namespace)/\(name)"
        let path = ([directory] + parts.dropFirst().map(String.init)).joined(separator: "/")
        return ModelRequest(uri: "file://" + path.replacing("%", with: "%25"))
    }

    /// Docker's configuration files of the pod's and its service account's pull secrets, one a line.
    private func pullSecrets() async throws -> String? {
        var names = Self.names(pod.spec["imagePullSecrets"])
        if let account = try await account() { names += Self.names(account.json["imagePullSecrets"]) }
        var lines: [String] = []
        for name in names {
            guard let text = try await secret(name)?[".dockerconfigjson"] else { continue }
            lines.append(text.replacing("\n", with: " "))
        }
        return lines.isEmpty ? nil : lines.joined(separator: "\n")
    }

    private static func names(_ references: JSONValue?) -> [String] {
        (references?.arrayValue ?? []).compactMap { $0["name"]?.stringValue }
    }

    private func account() async throws -> Object? {
        let name = pod.spec["serviceAccountName"]?.stringValue ?? ""
        let key = ObjectKey(namespace: namespace, name: name.isEmpty ? "default" : name)
        return try await object(.serviceAccounts, key)
    }

    private func accountSecrets() async throws -> [StorageSecret] {
        guard let account = try await account() else { return [] }
        var secrets: [StorageSecret] = []
        for name in Self.names(account.json["secrets"]) {
            if let secret = try await secret(name) { secrets.append(secret) }
        }
        return secrets
    }

    private func addBundle(_ name: String, to variables: inout [String: String]) async throws {
        let map = try await object(.configMaps, ObjectKey(namespace: namespace, name: name))
        if let bundle = map?["data", Self.bundleKey]?.stringValue { variables["AWS_CA_BUNDLE"] = bundle }
    }

    private func secret(_ name: String) async throws -> StorageSecret? {
        try await object(.secrets, ObjectKey(namespace: namespace, name: name)).map(StorageSecret.init)
    }

    /// `nil` where there is none.
    private func object(_ resource: Resource, _ key: ObjectKey) async throws -> Object? {
        do {
            return try await client.get(resource, key)
        } catch let status as Status where status.isNotFound {
            return nil
        }
    }

    /// Which files are wanted is said by the container's variables.
    private var patterns: [String: String] {
        let containers = pod.spec["containers"]?.arrayValue ?? []
        let variables = containers.flatMap { $0["env"]?.arrayValue ?? [] }
        let wanted = ["STORAGE_ALLOW_PATTERNS", "STORAGE_IGNORE_PATTERNS"]
        return variables.reduce(into: [:]) { patterns, variable in
            guard let name = variable["name"]?.stringValue, wanted.contains(name) else { return }
            patterns[name] = variable["value"]?.stringValue
        }
    }
}
