import JSONModel
import ServingAPI

// Authorino's denials, or what the AuthConfig has in their place.
extension AuthPipeline {
    func unauthenticated(_ refusals: [(name: String, reason: String)], _ json: JSONValue) -> Denial {
        let rules = identities.rules
        var denial = Denial(
            401, code: "invalid_api_key", "The request has no credential that this service knows.")
        for identity in rules.identities {
            denial = denial.with("WWW-Authenticate", "\(identity.place.challenge) realm=\"\(identity.name)\"")
        }
        return custom(denial, rules.unauthenticated, Self.reason(refusals), json)
    }

    func unauthorized(_ reason: String, _ json: JSONValue) -> Denial {
        let denial = Denial(403, code: "permission_denied", "The caller may not do this with the service.")
        return custom(denial, identities.rules.unauthorized, reason, json)
    }

    /// One reason as it is, several by the names of those who gave them.
    private static func reason(_ refusals: [(name: String, reason: String)]) -> String {
        if refusals.count == 1 { return refusals[0].reason }
        let members = refusals.map { ($0.name, JSONValue.string($0.reason)) }
        return JSONValue.object(JSONObject(members)).selectedText
    }

    private func custom(_ plain: Denial, _ custom: AuthRules.DenyWith, _ reason: String, _ json: JSONValue) -> Denial {
        func text(_ value: AuthValue?) -> String? {
            guard let text = try? value?.value(in: json).selectedText else { return nil }
            return text.utf8.allSatisfy { $0 > 31 && $0 != 127 } ? text : nil
        }
        var denial = plain
        // Nothing but a refusal may be given to who is not let in.
        if let code = custom.code, 300...599 ~= code { denial.status = code }
        for (name, value) in custom.headers {
            guard let text = text(value) else { continue }
            denial.fields.removeAll { $0.name.lowercased() == name.lowercased() }
            denial = denial.with(name, text)
        }
        denial = denial.with("X-Ext-Auth-Reason", text(custom.message) ?? reason)
        if let body = custom.body, let text = try? body.value(in: json).selectedText { denial.body = text }
        denial.contentType = denial.body.isEmpty ? nil : "text/plain; charset=utf-8"
        return denial
    }
}

extension AuthRules.CredentialPlace {
    /// What WWW-Authenticate asks for.
    fileprivate var challenge: String {
        switch self {
        case .authorization(let prefix): prefix
        case .header(let name), .query(let name), .cookie(let name): name
        }
    }
}
