import JSONModel
import KubeModel

// The evaluators of an AuthConfig.
extension AuthReader {
    mutating func identity(_ name: String, _ json: JSONValue, _ path: FieldPath) -> AuthRules.Identity? {
        refuse(json, ["x509", "overrides", "defaults"], path)
        guard let method = method(json, path) else { return nil }
        return AuthRules.Identity(
            name: name, place: place(json["credentials"], path.field("credentials")), method: method,
            conditions: predicates(json["when"], path.field("when")))
    }

    private mutating func method(_ json: JSONValue, _ path: FieldPath) -> AuthRules.Method? {
        if json["anonymous"] != nil { return .anonymous }
        if let review = json["kubernetesTokenReview"] { return .tokenReview(audiences: texts(review["audiences"])) }
        if let key = json["apiKey"] { return apiKey(key, path.field("apiKey")) }
        if let token = json["jwt"] { return webToken(token, path.field("jwt")) }
        if let plain = json["plain"] { return value(plain, path.field("plain")).map { .plain($0) } }
        if let introspection = json["oauth2Introspection"] {
            return self.introspection(introspection, path.field("oauth2Introspection"))
        }
        guard json["x509"] == nil else { return nil }
        fail(path, "must have one of apiKey, jwt, oauth2Introspection, kubernetesTokenReview, plain, anonymous")
        return nil
    }

    private mutating func apiKey(_ json: JSONValue, _ path: FieldPath) -> AuthRules.Method? {
        if json["allNamespaces"]?.boolValue == true {
            problems.append(.forbidden(path.field("allNamespaces"), "keys are Secrets of the AuthConfig's namespace"))
        }
        do { return .apiKey(try LabelSelector(json: json["selector"] ?? [:])) } catch {
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

    private mutating func check(_ address: String?, _ path: FieldPath) {
        if let address, !address.hasPrefix("https://"), !address.hasPrefix("http://") {
            fail(path, "must be an http or https address")
        }
    }

    private mutating func place(_ json: JSONValue?, _ path: FieldPath) -> AuthRules.CredentialPlace {
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
        refuse(json, ["opa", "spicedb"], path)
        let conditions = predicates(json["when"], path.field("when"))
        if let matching = json["patternMatching"] {
            let patterns = predicates(matching["patterns"], path.field("patternMatching").field("patterns"))
            return AuthRules.Authorization(name: name, rule: .patterns(patterns), conditions: conditions)
        }
        if let review = json["kubernetesSubjectAccessReview"] {
            let rule = access(review, path.field("kubernetesSubjectAccessReview"))
            return rule.map { AuthRules.Authorization(name: name, rule: .access($0), conditions: conditions) }
        }
        guard json["opa"] == nil, json["spicedb"] == nil else { return nil }
        fail(path, "must have patternMatching or kubernetesSubjectAccessReview")
        return nil
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
            guard isFieldName(member.key) else {
                fail(path.field("headers").key(member.key), "is no name of a header")
                return nil
            }
            return value(member.value, path.field("headers").key(member.key)).map { (member.key, $0) }
        }
        return denial
    }

    mutating func header(_ name: String, _ json: JSONValue, _ path: FieldPath) -> (name: String, value: AuthValue)? {
        refuse(json, ["json", "wristband", "when"], path)
        guard let plain = json["plain"] else {
            if json["json"] == nil, json["wristband"] == nil { fail(path, "must have plain") }
            return nil
        }
        let field = json["key"]?.nonEmptyString ?? name
        guard isFieldName(field) else {
            fail(path, "\(field) is no name of a header that may be set")
            return nil
        }
        return value(plain, path.field("plain")).map { (field, $0) }
    }

    /// No field may be set by which a message is framed or routed.
    private func isFieldName(_ name: String) -> Bool {
        let framing: Set = ["host", "connection", "content-length", "transfer-encoding", "te", "upgrade", "trailer"]
        return !name.isEmpty && !framing.contains(name.lowercased())
            && name.utf8.allSatisfy {
                $0 < 128
                    && (Character(Unicode.Scalar($0)).isLetter || Character(Unicode.Scalar($0)).isNumber
                        || $0 == UInt8(ascii: "-"))
            }
    }

    private func texts(_ json: JSONValue?) -> [String] { json?.arrayValue?.compactMap(\.stringValue) ?? [] }
}
