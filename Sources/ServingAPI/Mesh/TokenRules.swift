package import JSONModel
package import KubeModel

/// A RequestAuthentication, read: tokens must be of one of these issuers. Who shows none is let go on.
package struct TokenRules: Sendable {
    package var name = ""
    package var issuers: [Issuer] = []

    package struct Issuer: Sendable {
        package var name: String
        /// Empty: whomever the token is for.
        package var audiences: [String] = []
        /// Where its keys are; `nil`: where its discovery document says.
        package var keysAddress: String?
        /// Its keys, as the policy has them.
        package var keys: JSONValue?
        package var places: [Place] = []
        /// Header to which the token's claims are given, in base64url.
        package var payloadHeader: String?
        package var claimHeaders: [ClaimHeader] = []
        /// Whether the server gets the token as well.
        package var forwards = false
    }

    /// Where a token is looked for.
    package enum Place: Sendable, Hashable {
        /// By its name in lower case.
        case header(String, prefix: String)
        case parameter(String)
        case cookie(String)
    }

    package struct ClaimHeader: Sendable, Hashable {
        package var header: String
        package var claim: [String]
    }

    package init() {}
}

extension TokenRules {
    package static func read(_ object: Object) -> (rules: TokenRules, target: PolicyTarget, problems: [Status.Cause]) {
        var problems: [Status.Cause] = []
        let target = PolicyTarget(object, &problems)
        var rules = TokenRules()
        rules.name = "\(object.key)"
        let path = FieldPath("spec").field("jwtRules")
        for (index, json) in (object.spec["jwtRules"]?.arrayValue ?? []).enumerated() {
            rules.issuers.append(Issuer(json, path.index(index), &problems))
        }
        return (rules, target, problems)
    }
}

extension TokenRules.Issuer {
    fileprivate init(_ json: JSONValue, _ path: FieldPath, _ problems: inout [Status.Cause]) {
        name = json["issuer"]?.stringValue ?? ""
        if name.isEmpty { problems.append(.invalid(path.field("issuer"), "", "must not be empty")) }
        audiences = (json["audiences"]?.arrayValue ?? []).compactMap(\.stringValue)
        keysAddress = (json["jwksUri"] ?? json["jwks_uri"])?.nonEmptyString
        if let keysAddress, !keysAddress.hasPrefix("http://"), !keysAddress.hasPrefix("https://") {
            problems.append(.invalid(path.field("jwksUri"), keysAddress, "must be an http or https address"))
        }
        if let text = json["jwks"]?.nonEmptyString {
            keys = try? JSONValue(parsing: text)
            if keys?["keys"]?.arrayValue == nil {
                problems.append(.invalid(path.field("jwks"), "", "must be a JSON Web Key Set, as text"))
            }
            if keysAddress != nil { problems.append(.forbidden(path.field("jwks"), "cannot be beside jwksUri")) }
        }
        forwards = json["forwardOriginalToken"]?.boolValue ?? false
        payloadHeader = json["outputPayloadToHeader"]?.nonEmptyString
        claimHeaders = (json["outputClaimToHeaders"]?.arrayValue ?? []).compactMap { entry in
            guard let header = entry["header"]?.nonEmptyString, let claim = entry["claim"]?.nonEmptyString else {
                return nil
            }
            return TokenRules.ClaimHeader(header: header, claim: claim.split(separator: ".").map(String.init))
        }
        for header in claimHeaders.map(\.header) + [payloadHeader].compactMap(\.self)
        where !AuthRules.isSettable(header: header) {
            problems.append(.invalid(path, header, "is no name of a header that may be set"))
        }
        places = Self.places(json)
    }

    /// The default is Istio's: the header Authorization, and the parameter access_token.
    private static func places(_ json: JSONValue) -> [TokenRules.Place] {
        let headers = (json["fromHeaders"]?.arrayValue ?? []).compactMap { entry in
            entry["name"]?.nonEmptyString.map {
                TokenRules.Place.header($0.lowercased(), prefix: entry["prefix"]?.stringValue ?? "")
            }
        }
        let parameters = (json["fromParams"]?.arrayValue ?? []).compactMap(\.stringValue)
        let cookies = (json["fromCookies"]?.arrayValue ?? []).compactMap(\.stringValue)
        let found = headers + parameters.map { .parameter($0) } + cookies.map { .cookie($0) }
        return found.isEmpty ? [.header("authorization", prefix: "Bearer "), .parameter("access_token")] : found
    }
}
