package import JSONModel

/// A kubeconfig (v1): clusters, users, and contexts that pair them.
package struct Kubeconfig: Sendable {
    /// `cluster` of each entry of `clusters`, by name; likewise the others.
    package private(set) var clusters: [String: JSONValue] = [:]
    package private(set) var users: [String: JSONValue] = [:]
    package private(set) var contexts: [String: JSONValue] = [:]
    package private(set) var currentContext: String?
    /// For messages.
    private var source: String

    /// - Parameters:
    ///   - path: where the text came from. Files that it names are relative to the directory of this path.
    package init(_ json: JSONValue, path: String) throws(KubeconfigError) {
        source = path
        guard json.objectValue != nil else {
            throw KubeconfigError("\(path) is no kubeconfig: it is \(json.typeName), not an object")
        }
        let directory = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
        clusters = Self.entries(json, "clusters", "cluster", directory)
        users = Self.entries(json, "users", "user", directory)
        contexts = Self.entries(json, "contexts", "context", directory)
        currentContext = json["current-context"]?.stringValue.flatMap { $0.isEmpty ? nil : $0 }
    }

    /// What this one does not say, `other` does: kubectl's rule for several files.
    package mutating func merge(_ other: Kubeconfig) {
        clusters.merge(other.clusters) { first, _ in first }
        users.merge(other.users) { first, _ in first }
        contexts.merge(other.contexts) { first, _ in first }
        currentContext = currentContext ?? other.currentContext
        source += ":\(other.source)"
    }

    /// The connection that a context stands for.
    ///
    /// - Parameters:
    ///   - context: `nil` for the current one.
    ///   - read: the content of a file.
    package func connection(
        context name: String? = nil, read: (String) throws(KubeconfigError) -> [UInt8] = KubeconfigFile.bytes
    ) throws(KubeconfigError) -> KubeConnection {
        guard let name = name ?? currentContext else {
            throw KubeconfigError("\(source) names no current-context; choose one of \(Self.names(contexts))")
        }
        let context = try entry(name, of: contexts, "context")
        let cluster = try entry(context["cluster"]?.stringValue ?? "", of: clusters, "cluster")
        guard var server = cluster["server"]?.stringValue, !server.isEmpty else {
            throw KubeconfigError("\(source): the cluster of context \"\(name)\" has no server")
        }
        while server.hasSuffix("/") { server.removeLast() }
        var connection = KubeConnection(server: server, namespace: context["namespace"]?.stringValue ?? "default")
        connection.authority = try content(cluster, "certificate-authority", read)
        connection.skipsVerification = cluster["insecure-skip-tls-verify"]?.boolValue ?? false
        if let user = context["user"]?.stringValue, !user.isEmpty {
            try addCredentials(entry(user, of: users, "user"), of: user, to: &connection, read)
        }
        return connection
    }

    private func addCredentials(
        _ user: JSONValue, of name: String, to connection: inout KubeConnection,
        _ read: (String) throws(KubeconfigError) -> [UInt8]
    ) throws(KubeconfigError) {
        connection.clientCertificate = try content(user, "client-certificate", read)
        connection.clientKey = try content(user, "client-key", read)
        connection.token = user["token"]?.stringValue
        if let file = user["tokenFile"]?.stringValue, !file.isEmpty {
            connection.tokenFile = file
            connection.token = BearerToken.token(try read(file))
        }
        guard (connection.clientCertificate == nil) == (connection.clientKey == nil) else {
            throw KubeconfigError("\(source): user \"\(name)\" needs both a client certificate and its key")
        }
        if connection.clientKey == nil, connection.token == nil, user["exec"] != nil || user["auth-provider"] != nil {
            throw KubeconfigError(
                "\(source): user \"\(name)\" gets its credentials from a plugin, which Martlet cannot run;"
                    + " use a token or a client certificate")
        }
    }

    /// `<key>-data` (base64) or the file that `<key>` names.
    private func content(
        _ json: JSONValue, _ key: String, _ read: (String) throws(KubeconfigError) -> [UInt8]
    ) throws(KubeconfigError) -> [UInt8]? {
        if let text = json["\(key)-data"]?.stringValue, !text.isEmpty {
            guard let bytes = KubeconfigFile.decodeBase64(text) else {
                throw KubeconfigError("\(source): \(key)-data is not base64")
            }
            return bytes
        }
        guard let file = json[key]?.stringValue, !file.isEmpty else { return nil }
        return try read(file)
    }

    private func entry(
        _ name: String, of entries: [String: JSONValue], _ kind: String
    ) throws(KubeconfigError) -> JSONValue {
        guard let entry = entries[name] else {
            throw KubeconfigError("\(source) has no \(kind) \"\(name)\"; it has \(Self.names(entries))")
        }
        return entry
    }

    private static func names(_ entries: [String: JSONValue]) -> String {
        entries.isEmpty ? "none" : entries.keys.sorted().map { "\"\($0)\"" }.joined(separator: ", ")
    }

    private static let fileKeys = ["certificate-authority", "client-certificate", "client-key", "tokenFile"]

    private static func entries(
        _ json: JSONValue, _ list: String, _ key: String, _ directory: String
    ) -> [String: JSONValue] {
        var entries: [String: JSONValue] = [:]
        for element in json[list]?.arrayValue ?? [] {
            guard let name = element["name"]?.stringValue, entries[name] == nil else { continue }
            var entry = element[key] ?? [:]
            for fileKey in fileKeys {
                guard let file = entry[fileKey]?.stringValue, !file.isEmpty, !file.hasPrefix("/") else { continue }
                entry[fileKey] = .string("\(directory)/\(file)")
            }
            entries[name] = entry
        }
        return entries
    }
}
