package import JSONModel

/// Who is asked about requests by Envoy's external authorization: an entry of `extensionProviders` in the mesh's settings.
package struct CheckProvider: Sendable, Hashable {
    package enum Language: Sendable, Hashable {
        case http(HTTP)
        case grpc
    }

    package struct HTTP: Sendable, Hashable {
        package var pathPrefix = ""
        /// What is told of the request's headers, as patterns in lower case.
        package var requestHeaders: [StringPattern] = []
        package var additionalHeaders: [String: String] = [:]
        /// Of the answer's headers, what goes on to the server.
        package var headersForServer: [StringPattern] = []
        /// Of the answer's headers, what the client is told where it is refused.
        package var headersForClient: [StringPattern] = []
    }

    package var name: String
    package var host: String
    package var port: Int
    package var language: Language
    /// Of one question.
    package var timeout: Duration
    /// Whether requests go on where it does not answer.
    package var failsOpen: Bool
    /// What clients get then, otherwise.
    package var statusOnError: Int

    /// Names that mean this gateway's own AuthConfigs: OpenShift AI's manifests ask for them so.
    package static let own: Set = ["martlet", "opendatahub-auth-provider", "opendatahub-odh-auth-provider"]
}

extension CheckProvider {
    /// - Parameter json: `{name, envoyExtAuthzHttp}` or `{name, envoyExtAuthzGrpc}`.
    /// - Returns: `nil` for what is no authorization provider, or cannot be asked.
    package init?(_ json: JSONValue) {
        guard let name = json["name"]?.nonEmptyString else { return nil }
        let (http, grpc) = (json["envoyExtAuthzHttp"], json["envoyExtAuthzGrpc"])
        guard let settings = http ?? grpc, http == nil || grpc == nil,
            let service = settings["service"]?.nonEmptyString, let port = settings["port"]?.intValue,
            settings["includeRequestBodyInCheck"] == nil, 1...65_535 ~= port
        else { return nil }
        self.name = name
        // Istio's `namespace/host`.
        host = service.split(separator: "/").last.map(String.init) ?? service
        self.port = port
        timeout = Self.duration(settings["timeout"]?.stringValue) ?? .seconds(10)
        failsOpen = settings["failOpen"]?.boolValue ?? false
        statusOnError = settings["statusOnError"]?.stringValue.flatMap { Int($0) } ?? 403
        language = http == nil ? .grpc : .http(HTTP(settings))
    }

    /// `600s`, `250ms`.
    private static func duration(_ text: String?) -> Duration? {
        guard let text else { return nil }
        if text.hasSuffix("ms") { return Int(text.dropLast(2)).map { .milliseconds($0) } }
        if text.hasSuffix("s") { return Double(text.dropLast()).map { .seconds($0) } }
        return nil
    }
}

extension CheckProvider.HTTP {
    fileprivate init(_ json: JSONValue) {
        func patterns(_ name: String) -> [StringPattern] {
            (json[name]?.arrayValue ?? []).compactMap(\.stringValue).map { StringPattern($0.lowercased()) }
        }
        pathPrefix = json["pathPrefix"]?.stringValue ?? ""
        requestHeaders = patterns("includeRequestHeadersInCheck") + patterns("includeHeadersInCheck")
        headersForServer = patterns("headersToUpstreamOnAllow")
        headersForClient = patterns("headersToDownstreamOnDeny")
        for member in json["includeAdditionalHeadersInCheck"]?.objectValue ?? [:] {
            additionalHeaders[member.key] = member.value.stringValue ?? ""
        }
    }
}
