import ClientCertificates
import JSONModel
import JSONWebToken
import KubeAccess
import KubeModel
import ServingAPI

/// Why an evaluator does not know its caller.
struct IdentityRefusal: Error, Sendable {
    var reason: String
}

/// Who calls, as an evaluator found out.
struct EvaluatedIdentity: Sendable {
    var json: JSONValue
    /// Seconds since 1970.
    var expiration: Double?
    /// Of the evaluator.
    var name = ""
    /// What was shown.
    var credential: String?
}

/// Evaluates one way of telling who calls.
struct IdentityEvaluation: Sendable {
    let rules: AuthRules
    let scope: EvaluatorScope
    let authority: any AccessAuthority
    let keys: WebKeyStore

    private var namespace: String { scope.namespace }
    private var sources: any CredentialSources { scope.sources }
    private var now: Double { scope.now }

    /// Who calls, with what the AuthConfig adds to that. Where it says so, what was found out is kept; but never beyond
    /// the token's end.
    ///
    /// - Throws: as `evaluate`.
    func identify(_ identity: AuthRules.Identity, _ request: AccessRequest, _ json: JSONValue) async throws
        -> EvaluatedIdentity
    {
        let found = try await scope.cached("identity", identity.evaluator, json) {
            let evaluated = try await evaluate(identity, request, json)
            return [
                "identity": evaluated.json,
                "end": evaluated.expiration.map { .number(JSONNumber(Int($0.rounded(.down)))) } ?? .null,
            ]
        }
        let end = found["end"]?.doubleValue
        guard end.map({ now < $0 }) ?? true else { throw IdentityRefusal(reason: "not authenticated") }
        var caller = EvaluatedIdentity(json: found["identity"] ?? .null, expiration: end, name: identity.name)
        caller.credential = request.credential(at: identity.place)
        var known = json
        known["auth"] = ["identity": caller.json]
        for (name, value) in identity.defaults where caller.json[name]?.isNull ?? true {
            caller.json[name] = try value.value(in: known)
        }
        for (name, value) in identity.overrides { caller.json[name] = try value.value(in: known) }
        return caller
    }

    /// - Throws: `IdentityRefusal` for a caller that is not known, anything else where that cannot be found out.
    func evaluate(_ identity: AuthRules.Identity, _ request: AccessRequest, _ json: JSONValue) async throws
        -> EvaluatedIdentity
    {
        switch identity.method {
        case .anonymous: return EvaluatedIdentity(json: ["anonymous": true])
        case .plain(let value):
            let found = try value.value(in: json)
            guard !found.isNull else { throw IdentityRefusal(reason: "could not retrieve identity object or null") }
            return EvaluatedIdentity(json: found)
        case .certificate(let selector): return try await certificate(request.peer?.certificate, selector)
        case .apiKey, .webToken, .introspection, .tokenReview: break
        }
        guard let credential = request.credential(at: identity.place), credential.utf8.count <= WebToken.maximumSize
        else {
            throw IdentityRefusal(reason: "credential not found")
        }
        switch identity.method {
        case .apiKey(let selector): return try apiKey(credential, selector)
        case .webToken(let issuer, let keys, let audiences, let refresh):
            return try await webToken(credential, issuer, keys, audiences, refresh)
        case .introspection(let endpoint, let type, let secret):
            return try await introspect(credential, endpoint, type, secret)
        case .tokenReview(let audiences): return try await review(credential, audiences, request)
        case .anonymous, .plain, .certificate: throw IdentityRefusal(reason: "not evaluated")
        }
    }

    private func certificate(_ shown: ClientCertificate?, _ selector: LabelSelector) async throws -> EvaluatedIdentity {
        guard let shown else { throw IdentityRefusal(reason: "client certificate is missing") }
        let secrets = try await sources.secrets(matching: selector, namespace: namespace)
        let authorities = secrets.flatMap { secret in
            ["tls.crt", "ca.crt"].compactMap(secret.decoded).flatMap(X509Certificate.all)
        }
        guard await shown.certificate.isSigned(by: authorities, now: now) else {
            throw IdentityRefusal(reason: "not authenticated")
        }
        return EvaluatedIdentity(json: shown.json, expiration: shown.certificate.end)
    }

    private func apiKey(_ credential: String, _ selector: LabelSelector) throws -> EvaluatedIdentity {
        let digest = TokenDigest(Array(credential.utf8).span)
        let found = sources.secrets(withKey: digest, namespace: namespace).first { selector.matches($0.labels) }
        guard var secret = found?.json else { throw IdentityRefusal(reason: "the API Key provided is invalid") }
        secret["data"] = nil
        return EvaluatedIdentity(json: secret)
    }

    private func webToken(
        _ credential: String, _ issuer: String?, _ address: String?, _ audiences: [String], _ refresh: Int
    ) async throws -> EvaluatedIdentity {
        let token: WebToken
        do throws(WebTokenError) { token = try WebToken(parsing: credential) } catch {
            throw IdentityRefusal(reason: "not authenticated")
        }
        let isSigned = try await keys.verify(token, issuer: issuer, keys: address, refresh: refresh, now: now)
        guard isSigned else { throw IdentityRefusal(reason: "not authenticated") }
        do throws(WebTokenError) {
            try token.checkTime(now: Int64(now), leeway: 5)
        } catch { throw IdentityRefusal(reason: "not authenticated") }
        guard let end = token.expiration else { throw IdentityRefusal(reason: "not authenticated") }
        guard rules.isLenient || isMeant(token, issuer, audiences) else {
            throw IdentityRefusal(reason: "not authenticated")
        }
        return EvaluatedIdentity(json: token.claims, expiration: end)
    }

    /// Whether the token is of the issuer, and for the service: by default its hosts are the audiences.
    private func isMeant(_ token: WebToken, _ issuer: String?, _ audiences: [String]) -> Bool {
        let wanted = audiences.isEmpty ? rules.hosts : audiences
        return (issuer == nil || token.issuer == issuer) && token.audiences.contains { wanted.contains($0) }
    }

    private func introspect(
        _ credential: String, _ endpoint: String, _ type: String, _ secret: String
    ) async throws -> EvaluatedIdentity {
        let (user, password) = try await scope.client(secret)
        let answer = try await sources.post(
            [("token", credential), ("token_type_hint", type)], to: endpoint, user: user, password: password)
        let end = answer["exp"]?.doubleValue
        guard answer["active"] == true, end.map({ now < $0 }) ?? true else {
            throw IdentityRefusal(reason: "token is not active")
        }
        return EvaluatedIdentity(json: answer, expiration: end)
    }

    private func review(_ credential: String, _ audiences: [String], _ request: AccessRequest) async throws
        -> EvaluatedIdentity
    {
        let wanted = audiences.isEmpty ? [request.header("host") ?? ""] : audiences
        guard let caller = try await authority.review(token: credential, audiences: wanted) else {
            throw IdentityRefusal(reason: "not authenticated")
        }
        let user = caller.identity
        return EvaluatedIdentity(
            json: [
                "authenticated": true, "audiences": .array(wanted.map { .string($0) }),
                "user": [
                    "username": .string(user.user), "uid": .string(user.uid),
                    "groups": .array(user.groups.map { .string($0) }),
                ],
            ], expiration: caller.expiration)
    }
}
