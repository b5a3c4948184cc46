import KubeAccess

/// A request as the API reads it: no sockets, no HTTP library.
struct APIRequest: Sendable {
    /// `GET`, `POST`, `PUT`, `PATCH`, `DELETE`.
    var method: String
    /// The path's segments, decoded.
    var path: [String]
    var query: QueryParameters
    var accept = ""
    var contentType = ""
    var userAgent = ""
    /// The tags of what the client has already.
    var ifNoneMatch = ""
    var body: [UInt8] = []
    /// Who makes it, and as whom; until that is known, nobody.
    var identity = Identity.anonymous
    /// Who makes it in fact, where `identity` is someone whom it acts as.
    var impersonator: Identity?
    /// Path and query, as they came.
    var uri: String
    /// The client's address; empty where it is not known.
    var source = ""
    /// By what host and port the client called.
    var authority = ""
    /// What the client wants to speak on this connection instead of HTTP.
    var upgrade: UpgradeOffer?
    /// Of a request that goes on to a pod; its body is not in `body`.
    var proxied: ProxiedRequest?

    /// - Parameter target: path and query, as in the request line.
    init(method: String, target: String) {
        let parts = target.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        self.method = method
        uri = target
        path = (parts.first ?? "").split(separator: "/").map { $0.percentDecoded() }
        query = QueryParameters(parts.count > 1 ? parts[1] : "")
    }

    /// With its escapes, without the query.
    var rawPath: Substring { uri.prefix { $0 != "?" } }

    /// The media type of the body, without its parameters.
    var mediaType: String {
        let type = contentType.split(separator: ";").first ?? ""
        return type.filter { !$0.isWhitespace }.lowercased()
    }

    /// Who writes, where the caller does not say: the User-Agent up to its first `/`, as in Kubernetes.
    var defaultFieldManager: String? {
        let name = userAgent.prefix { $0 != "/" }.prefix(128)
        return name.isEmpty ? nil : String(name)
    }
}
