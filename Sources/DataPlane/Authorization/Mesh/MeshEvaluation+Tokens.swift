import JSONModel
import JSONWebToken
import ServingAPI

/// A token that no RequestAuthentication believes.
struct TokenRefusal: Error, Sendable {
    var reason: String
}

extension TokenRules.Issuer {
    /// The token that the request has at the first place that has one.
    func find(in request: AccessRequest) -> (token: String, place: TokenRules.Place)? {
        for place in places {
            if let token = Self.token(at: place, in: request), !token.isEmpty { return (token, place) }
        }
        return nil
    }

    private static func token(at place: TokenRules.Place, in request: AccessRequest) -> String? {
        switch place {
        case .header(let name, let prefix):
            guard let value = request.header(name), value.lowercased().hasPrefix(prefix.lowercased()) else {
                return nil
            }
            return String(value.dropFirst(prefix.count).trimmingSpaces)
        case .parameter(let name): return AccessRequest.parameter(name, in: request.query, separator: "&")
        case .cookie(let name): return AccessRequest.parameter(name, in: request.header("cookie") ?? "", separator: ";")
        }
    }
}

extension MeshEvaluation {
    /// The claims of the request's token, which one of the issuers must have made; nothing where there is no token.
    func token(_ request: AccessRequest, _ services: Services) async throws -> (JSONValue?, Grant) {
        let issuers = workloads.flatMap(\.tokens)
        let found = issuers.compactMap { issuer in issuer.find(in: request).map { (issuer, $0.token, $0.place) } }
        guard let first = found.first else { return (nil, .everyone) }
        guard found.allSatisfy({ $0.1 == first.1 }) else {
            throw TokenRefusal(reason: "The request has several tokens")
        }
        let token: WebToken
        do throws(WebTokenError) { token = try WebToken(parsing: first.1) } catch {
            throw TokenRefusal(reason: "Jwt is not in the form of Header.Payload.Signature")
        }
        var grant: Grant?
        // Each workload that expects tokens must believe it.
        for rules in workloads where !rules.tokens.isEmpty {
            let issuer = try await believer(token, first.1, rules.tokens, services)
            let place = issuer.find(in: request)?.place ?? first.2
            grant = grant ?? issuer.grant(token, at: place)
        }
        return (token.claims, grant ?? .everyone)
    }

    /// The first of the issuers that made the token.
    private func believer(
        _ token: WebToken, _ text: String, _ issuers: [TokenRules.Issuer], _ services: Services
    ) async throws -> TokenRules.Issuer {
        var refusal = TokenRefusal(reason: "Jwt issuer is not configured")
        for issuer in issuers where issuer.name == token.issuer {
            do {
                try await verify(token, text, issuer, services)
                return issuer
            } catch let other as TokenRefusal { refusal = other }
        }
        throw refusal
    }

    private func verify(_ token: WebToken, _ text: String, _ issuer: TokenRules.Issuer, _ services: Services)
        async throws
    {
        do throws(WebTokenError) { try token.checkTime(now: Int64(services.now), leeway: 60) } catch {
            throw TokenRefusal(reason: "Jwt is expired")
        }
        if !issuer.audiences.isEmpty, !token.audiences.contains(where: issuer.audiences.contains) {
            throw TokenRefusal(reason: "Audiences in Jwt are not allowed")
        }
        let name = "token/\(issuer.name)/\(issuer.keysAddress ?? "")/\(TokenDigest(Array(text.utf8).span).text)"
        if services.cache.value(name, of: policy, at: services.now) != nil { return }
        let isSigned: Bool
        if let keys = issuer.keys {
            isSigned = (try? WebKeySet(keys).verify(token)) != nil
        } else {
            let address = issuer.keysAddress
            isSigned = try await services.keys.verify(
                token, issuer: address == nil ? issuer.name : nil, keys: address, refresh: 1_200, now: services.now)
        }
        guard isSigned else { throw TokenRefusal(reason: "Jwt verification fails") }
        services.cache.keep(true, name, of: policy, for: 60, at: services.now)
    }
}

extension TokenRules.Issuer {
    /// What goes on to the server in the token's place.
    fileprivate func grant(_ token: WebToken, at place: TokenRules.Place) -> Grant {
        var (lines, names) = ("", claimHeaders.map { $0.header.lowercased() })
        for entry in claimHeaders {
            var value: JSONValue? = token.claims
            for step in entry.claim { value = value?[step] }
            guard let text = value?.selectedText, text.utf8.allSatisfy({ $0 > 31 && $0 != 127 }) else { continue }
            lines += "\(entry.header): \(text)\r\n"
        }
        if let payloadHeader {
            names.append(payloadHeader.lowercased())
            lines += "\(payloadHeader): \(Base64URL.encode(token.claims.serialized()))\r\n"
        }
        if !forwards, case .header(let name, _) = place { names.append(name) }
        return Grant(
            user: "\(name)/\(token.subject ?? "")", fields: Array(lines.utf8), replaces: names.map { Array($0.utf8) })
    }
}
