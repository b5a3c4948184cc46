import JSONModel
import KubeModel

// The evaluators of an AuthConfig.
extension AuthReader {
    mutating func identity(_ name: String, _ json: JSONValue, _ path: FieldPath) -> AuthRules.Identity? {
        guard let method = method(json, path) else { return nil }
        return AuthRules.Identity(
            evaluator: evaluator(name, json, path), place: place(json["credentials"], path.field("credentials")),
            method: method, overrides: values(json["overrides"], path.field("overrides")),
            defaults: values(json["defaults"], path.field("defaults")))
    }

    private mutating func method(_ json: JSONValue, _ path: FieldPath) -> AuthRules.Method? {
        let kinds = [
            "anonymous", "kubernetesTokenReview", "apiKey", "jwt", "plain", "oauth2Introspection", "x509",
        ].filter { json[$0] != nil }
        guard kinds.count == 1, let kind = kinds.first, let part = json[kind] else {
            fail(
                path, "must have one of apiKey, jwt, oauth2Introspection, kubernetesTokenReview, x509, plain, anonymous"
            )
            return nil
        }
        let place = path.field(kind)
        switch kind {
        case "kubernetesTokenReview": return .tokenReview(audiences: texts(part["audiences"]))
        case "apiKey": return selector(part, place, "keys").map { .apiKey($0) }
        case "x509":
            refuse(part, "source", place, "the certificate is that of the connection: a header might be anyone's")
            return selector(part, place, "authorities").map { .certificate($0) }
        case "jwt": return webToken(part, place)
        case "plain": return value(part, place).map { .plain($0) }
        case "oauth2Introspection": return introspection(part, place)
        default: return .anonymous
        }
    }

    private mutating func selector(_ json: JSONValue, _ path: FieldPath, _ what: String) -> LabelSelector? {
        if json["allNamespaces"]?.boolValue == true {
            problems.append(
                .forbidden(path.field("allNamespaces"), "\(what) are Secrets of the AuthConfig's namespace"))
        }
        do { return try LabelSelector(json: json["selector"] ?? [:]) } catch {
            fail(path.field("selector"), "\(error)")
            return nil
        }
    }

    private mutating func webToken(_ json: JSONValue, _ path: FieldPath) -> AuthRules.Method? {
        let (issuer, keys) = (json["issuerUrl"]?.nonEmptyString, json["jwksUrl"]?.nonEmptyString)
        guard (issuer == nil) != (keys == nil) else {
            fail(path, "must have either issuerUrl or jwksUrl")
            return nil
        }
        check(issuer ?? keys, path.field(issuer == nil ? "jwksUrl" : "issuerUrl"))
        return .webToken(
            issuer: issuer, keys: keys, audiences: texts(json["audiences"]), refresh: json["ttl"]?.intValue ?? 0)
    }

    private mutating func introspection(_ json: JSONValue, _ path: FieldPath) -> AuthRules.Method? {
        guard let endpoint = json["endpoint"]?.nonEmptyString,
            let credentials = json[path: "credentialsRef", "name"]?.nonEmptyString
        else {
            fail(path, "must have endpoint and credentialsRef.name")
            return nil
        }
        check(endpoint, path.field("endpoint"))
        let type = json["tokenTypeHint"]?.nonEmptyString ?? "access_token"
        return .introspection(endpoint: endpoint, tokenType: type, credentials: credentials)
    }

    mutating func check(_ address: String?, _ path: FieldPath) {
        if let address, !address.hasPrefix("https://"), !address.hasPrefix("http://") {
            fail(path, "must be an http or https address")
        }
    }

    mutating func place(_ json: JSONValue?, _ path: FieldPath) -> AuthRules.CredentialPlace {
        guard let json, json.objectValue?.isEmpty == false else { return .authorization(prefix: "Bearer") }
        if let header = json["authorizationHeader"] {
            return .authorization(prefix: header["prefix"]?.nonEmptyString ?? "Bearer")
        }
        if let name = json[path: "customHeader", "name"]?.nonEmptyString { return .header(name.lowercased()) }
        if let name = json[path: "queryString", "name"]?.nonEmptyString { return .query(name) }
        if let name = json[path: "cookie", "name"]?.nonEmptyString { return .cookie(name) }
        fail(path, "must have one of authorizationHeader, customHeader.name, queryString.name, cookie.name")
        return .authorization(prefix: "Bearer")
    }

    mutating func authorization(_ name: String, _ json: JSONValue, _ path: FieldPath) -> AuthRules.Authorization? {
        let evaluator = evaluator(name, json, path)
        return rule(json, path).map { AuthRules.Authorization(evaluator: evaluator, rule: $0) }
    }

    private mutating func rule(_ json: JSONValue, _ path: FieldPath) -> AuthRules.Rule? {
        let kinds = ["patternMatching", "kubernetesSubjectAccessReview", "opa", "spicedb"].filter { json[$0] != nil }
        guard kinds.count == 1, let kind = kinds.first, let part = json[kind] else {
            fail(path, "must have one of patternMatching, kubernetesSubjectAccessReview, opa, spicedb")
            return nil
        }
        let place = path.field(kind)
        switch kind {
        case "patternMatching": return .patterns(predicates(part["patterns"], place.field("patterns")))
        case "opa": return policyAgent(part, place)
        case "spicedb": return relation(part, place)
        default: return access(part, place).map { .access($0) }
        }
    }

    private mutating func access(_ json: JSONValue, _ path: FieldPath) -> AuthRules.AccessRule? {
        guard let user = value(json["user"], path.field("user")) else {
            if json["user"] == nil { fail(path.field("user"), "say whom the review is about") }
            return nil
        }
        var groups = value(json["authorizationGroups"], path.field("authorizationGroups"))
        if groups == nil, let fixed = json["groups"], !fixed.isNull { groups = .constant(fixed) }
        var attributes: [String: AuthValue] = [:]
        let place = path.field("resourceAttributes")
        for member in json["resourceAttributes"]?.objectValue?.members ?? [] {
            attributes[member.key] = value(member.value, place.field(member.key))
        }
        return AuthRules.AccessRule(user: user, groups: groups, attributes: attributes)
    }

    mutating func denial(_ json: JSONValue?, _ path: FieldPath) -> AuthRules.DenyWith {
        var denial = AuthRules.DenyWith()
        guard let json else { return denial }
        denial.code = json["code"]?.intValue
        denial.message = value(json["message"], path.field("message"))
        denial.body = value(json["body"], path.field("body"))
        denial.headers = (json["headers"]?.objectValue?.members ?? []).compactMap { member in
            guard AuthRules.isSettable(header: member.key) else {
                fail(path.field("headers").key(member.key), "is no name of a header")
                return nil
            }
            return value(member.value, path.field("headers").key(member.key)).map { (member.key, $0) }
        }
        return denial
    }

    func texts(_ json: JSONValue?) -> [String] { json?.arrayValue?.compactMap(\.stringValue) ?? [] }
}
