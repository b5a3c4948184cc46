import JSONModel
import KubeModel

// The evaluators of an AuthConfig that ask others, and what all evaluators have.
extension AuthReader {
    mutating func evaluator(_ name: String, _ json: JSONValue, _ path: FieldPath) -> AuthRules.Evaluator {
        var cache: AuthRules.Cache?
        if let json = json["cache"], !json.isNull {
            let place = path.field("cache")
            if let key = value(json["key"], place.field("key")) {
                cache = AuthRules.Cache(key: key, lifetime: max(0, json["ttl"]?.intValue ?? 60))
            } else if json["key"] == nil {
                fail(place.field("key"), "say what the answer depends on")
            }
        }
        return AuthRules.Evaluator(
            name: name, priority: json["priority"]?.intValue ?? 0,
            conditions: predicates(json["when"], path.field("when")),
            cache: cache)
    }

    mutating func values(_ json: JSONValue?, _ path: FieldPath) -> [(name: String, value: AuthValue)] {
        (json?.objectValue?.members ?? []).compactMap { member in
            value(member.value, path.key(member.key)).map { (member.key, $0) }
        }
    }

    mutating func metadata(_ name: String, _ json: JSONValue, _ path: FieldPath) -> AuthRules.Metadata? {
        let evaluator = evaluator(name, json, path)
        if let http = json["http"] {
            return call(http, path.field("http")).map { .init(evaluator: evaluator, source: .http($0)) }
        }
        if let identity = json[path: "userInfo", "identitySource"]?.nonEmptyString {
            return .init(evaluator: evaluator, source: .userInfo(identity: identity))
        }
        if let endpoint = json[path: "uma", "endpoint"]?.nonEmptyString,
            let secret = json[path: "uma", "credentialsRef", "name"]?.nonEmptyString
        {
            check(endpoint, path.field("uma").field("endpoint"))
            return .init(evaluator: evaluator, source: .resources(endpoint: endpoint, credentials: secret))
        }
        fail(path, "must have http, userInfo.identitySource, or uma with endpoint and credentialsRef.name")
        return nil
    }

    /// UserInfo is of an issuer: the identity that it names must know one.
    mutating func checkSources(_ rules: AuthRules, _ path: FieldPath) {
        for metadata in rules.metadata {
            guard case .userInfo(let name) = metadata.source else { continue }
            let identity = rules.identities.first { $0.name == name }
            if case .webToken(.some, _, _, _)? = identity?.method { continue }
            fail(path.key(metadata.evaluator.name), "there is no authentication \(name) by jwt with an issuerUrl")
        }
    }

    mutating func callback(_ name: String, _ json: JSONValue, _ path: FieldPath) -> AuthRules.Callback? {
        let evaluator = evaluator(name, json, path)
        guard let http = json["http"] else {
            fail(path, "must have http")
            return nil
        }
        return call(http, path.field("http")).map { .init(evaluator: evaluator, call: $0) }
    }

    private mutating func call(_ json: JSONValue, _ path: FieldPath) -> HTTPCall? {
        guard let address = address(json, path) else { return nil }
        let method = json["method"]?.stringValue ?? "GET"
        if !["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD"].contains(method) {
            fail(path.field("method"), "\(method) is not known here")
        }
        let headers = values(json["headers"], path.field("headers"))
        for header in headers where !AuthRules.isSettable(header: header.name) {
            fail(path.field("headers").key(header.name), "is no name of a header that may be set")
        }
        return HTTPCall(
            address: address, method: method, body: body(json, path), headers: headers,
            secret: secret(json["sharedSecretRef"], path.field("sharedSecretRef")),
            place: place(json["credentials"], path.field("credentials")),
            client: client(json["oauth2"], path.field("oauth2")))
    }

    private mutating func address(_ json: JSONValue, _ path: FieldPath) -> AuthValue? {
        if let expression = json["urlExpression"], !expression.isNull {
            return value(["expression": expression], path.field("urlExpression"))
        }
        guard let text = json["url"]?.nonEmptyString else {
            fail(path, "must have url or urlExpression")
            return nil
        }
        check(text, path.field("url"))
        guard text.contains("{") else { return .constant(.string(text)) }
        return value(["selector": .string(text)], path.field("url"))
    }

    private mutating func body(_ json: JSONValue, _ path: FieldPath) -> HTTPCall.Body {
        let type = json["contentType"]?.nonEmptyString ?? "application/x-www-form-urlencoded"
        if json["body"] != nil {
            return value(json["body"], path.field("body")).map { .text($0, contentType: type) } ?? .none
        }
        let parameters = values(json["bodyParameters"], path.field("bodyParameters"))
        return parameters.isEmpty ? .none : .parameters(parameters, isForm: type != "application/json")
    }

    mutating func secret(_ json: JSONValue?, _ path: FieldPath) -> AuthRules.SecretReference? {
        guard let json, !json.isNull else { return nil }
        guard let name = json["name"]?.nonEmptyString, let key = json["key"]?.nonEmptyString else {
            fail(path, "must have name and key")
            return nil
        }
        return AuthRules.SecretReference(name: name, key: key)
    }

    private mutating func client(_ json: JSONValue?, _ path: FieldPath) -> HTTPCall.ClientCredentials? {
        guard let json, !json.isNull else { return nil }
        guard let address = json["tokenUrl"]?.nonEmptyString, let id = json["clientId"]?.nonEmptyString,
            let secret = secret(json["clientSecretRef"], path.field("clientSecretRef"))
        else {
            fail(path, "must have tokenUrl, clientId and clientSecretRef")
            return nil
        }
        check(address, path.field("tokenUrl"))
        let parameters = (json["extraParams"]?.objectValue ?? [:]).map { ($0.key, $0.value.stringValue ?? "") }
        return HTTPCall.ClientCredentials(
            tokenAddress: address, id: id, secret: secret, scopes: texts(json["scopes"]),
            parameters: Dictionary(parameters) { first, _ in first })
    }

    mutating func policyAgent(_ json: JSONValue, _ path: FieldPath) -> AuthRules.Rule? {
        let why =
            "no Rego is evaluated here: run an Open Policy Agent with the policy, and name its document in endpoint"
        refuse(json, "rego", path, why)
        refuse(json, "externalPolicy", path, why)
        guard let endpoint = json["endpoint"]?.nonEmptyString else {
            if json["rego"] == nil, json["externalPolicy"] == nil {
                fail(
                    path.field("endpoint"),
                    "must be the address of a document, such as http://127.0.0.1:8181/v1/data/models/allow")
            }
            return nil
        }
        check(endpoint, path.field("endpoint"))
        return .policyAgent(
            endpoint: endpoint, secret: secret(json["sharedSecretRef"], path.field("sharedSecretRef")))
    }

    mutating func relation(_ json: JSONValue, _ path: FieldPath) -> AuthRules.Rule? {
        func part(_ name: String, _ member: String) -> AuthValue? {
            value(json[path: name, member], path.field(name).field(member))
        }
        guard var endpoint = json["endpoint"]?.nonEmptyString, let subject = part("subject", "name"),
            let subjectKind = part("subject", "kind"), let resource = part("resource", "name"),
            let resourceKind = part("resource", "kind"),
            let permission = value(json["permission"], path.field("permission"))
        else {
            fail(path, "must have endpoint, permission, and subject and resource with kind and name")
            return nil
        }
        if !endpoint.contains("://") {
            endpoint = (json["insecure"]?.boolValue == true ? "http://" : "https://") + endpoint
        }
        check(endpoint, path.field("endpoint"))
        return .relation(
            AuthRules.RelationRule(
                endpoint: endpoint, secret: secret(json["sharedSecretRef"], path.field("sharedSecretRef")),
                subject: (subjectKind, subject), resource: (resourceKind, resource), permission: permission))
    }

    /// - Parameter isHeader: `name` or `key` is that of a header.
    mutating func item(_ name: String, _ json: JSONValue, _ path: FieldPath, isHeader: Bool) -> AuthRules.Item? {
        let key = json["key"]?.nonEmptyString ?? name
        if isHeader, !AuthRules.isSettable(header: key) {
            fail(path, "\(key) is no name of a header that may be set")
            return nil
        }
        let evaluator = evaluator(name, json, path)
        return content(json, path).map { AuthRules.Item(evaluator: evaluator, key: key, content: $0) }
    }

    private mutating func content(_ json: JSONValue, _ path: FieldPath) -> AuthRules.Content? {
        if let plain = json["plain"] { return value(plain, path.field("plain")).map { .plain($0) } }
        if let object = json["json"] {
            return .json(values(object["properties"], path.field("json").field("properties")))
        }
        guard let wristband = json["wristband"] else {
            fail(path, "must have one of plain, json, wristband")
            return nil
        }
        let place = path.field("wristband")
        let keys = wristband["signingKeyRefs"]?.arrayValue ?? []
        guard let issuer = wristband["issuer"]?.nonEmptyString, let secret = keys.first?["name"]?.nonEmptyString else {
            fail(place, "must have issuer, and signingKeyRefs with a name")
            return nil
        }
        if keys.first?["algorithm"]?.stringValue != "ES256" {
            fail(place.field("signingKeyRefs").index(0).field("algorithm"), "tokens are signed with ES256 only")
        }
        return .wristband(
            AuthRules.Wristband(
                issuer: issuer, lifetime: wristband["tokenDuration"]?.intValue ?? 300,
                claims: values(wristband["customClaims"], place.field("customClaims")), secret: secret))
    }
}
