import JSONModel
package import KubeModel

extension AuthorizationRules {
    /// Reads an AuthorizationPolicy.
    ///
    /// - Returns: the rules, and all that is wrong. With any problem the rules must not be used.
    package static func read(_ object: Object) -> (
        rules: AuthorizationRules, target: PolicyTarget, problems: [Status.Cause]
    ) {
        var reader = PolicyReader(namespace: object.namespace ?? "")
        let target = PolicyTarget(object, &reader.problems)
        var rules = AuthorizationRules()
        rules.name = "\(object.key)"
        rules.isDryRun = object.annotations["istio.io/dry-run"] == "true"
        rules.action = reader.action(object.spec)
        rules.rules = reader.list(object.spec["rules"], FieldPath("spec", "rules")) { $0.rule($1, $2) }
        return (rules, target, reader.problems)
    }
}

/// Reads the rules of an AuthorizationPolicy and gathers what is wrong.
private struct PolicyReader {
    typealias Place = AuthorizationRules.Place

    let namespace: String
    var problems: [Status.Cause] = []

    init(namespace: String) { self.namespace = namespace }

    mutating func fail(_ path: FieldPath, _ why: String) { problems.append(.invalid(path, "", why)) }

    mutating func action(_ spec: JSONValue) -> AuthorizationRules.Action {
        let (name, path) = (spec["action"]?.stringValue ?? "ALLOW", FieldPath("spec"))
        let provider = spec[path: "provider", "name"]?.nonEmptyString
        if provider != nil, name != "CUSTOM" { fail(path.field("provider"), "is for the action CUSTOM only") }
        switch name {
        case "ALLOW": return .allow
        case "DENY": return .deny
        case "AUDIT": return .audit
        case "CUSTOM":
            if provider == nil { fail(path.field("provider"), "the action CUSTOM must name whom to ask") }
            return .custom(provider: provider ?? "")
        default:
            fail(path.field("action"), "must be ALLOW, DENY, AUDIT or CUSTOM")
            return .deny
        }
    }

    mutating func list<Value>(
        _ json: JSONValue?, _ path: FieldPath, _ read: (inout PolicyReader, JSONValue, FieldPath) -> Value
    ) -> [Value] {
        (json?.arrayValue ?? []).enumerated().map { read(&self, $1, path.index($0)) }
    }

    mutating func rule(_ json: JSONValue, _ path: FieldPath) -> AuthorizationRules.Rule {
        var rule = AuthorizationRules.Rule()
        rule.sources = list(json["from"], path.field("from")) { $0.source($1["source"] ?? [:], $2.field("source")) }
        rule.operations = list(json["to"], path.field("to")) {
            $0.operation($1["operation"] ?? [:], $2.field("operation"))
        }
        rule.conditions = list(json["when"], path.field("when")) { $0.condition($1, $2) }
        return rule
    }

    private static let sources: [(String, Place)] = [
        ("principals", .principal), ("requestPrincipals", .requestPrincipal), ("namespaces", .namespace),
        ("serviceAccounts", .account), ("trustDomains", .trustDomain), ("ipBlocks", .peerAddress),
        ("remoteIpBlocks", .remoteAddress),
    ]
    private static let operations: [(String, Place)] = [
        ("hosts", .host), ("ports", .port), ("methods", .method), ("paths", .path),
    ]

    private mutating func source(_ json: JSONValue, _ path: FieldPath) -> AuthorizationRules.Test {
        if json["serviceAccounts"] != nil || json["notServiceAccounts"] != nil {
            for other in ["principals", "notPrincipals", "namespaces", "notNamespaces"] where json[other] != nil {
                fail(path.field(other), "cannot be beside serviceAccounts")
            }
        }
        return test(json, Self.sources, path)
    }

    private mutating func operation(_ json: JSONValue, _ path: FieldPath) -> AuthorizationRules.Test {
        test(json, Self.operations, path)
    }

    private mutating func test(_ json: JSONValue, _ places: [(String, Place)], _ path: FieldPath)
        -> AuthorizationRules.Test
    {
        var test = AuthorizationRules.Test()
        for (name, place) in places {
            let opposite = "not\(name.prefix(1).uppercased())\(name.dropFirst())"
            let values = patterns(json[name], place, path.field(name))
            let others = patterns(json[opposite], place, path.field(opposite))
            guard values != nil || others != nil else { continue }
            test.attributes.append(.init(place: place, values: values, others: others ?? []))
        }
        if test.attributes.isEmpty { fail(path, "must ask for something: without any field it would mean everything") }
        return test
    }

    private mutating func condition(_ json: JSONValue, _ path: FieldPath) -> AuthorizationRules.Attribute {
        guard let key = json["key"]?.stringValue, let place = Place(condition: key) else {
            fail(
                path.field("key"),
                "is not known here; keys are those of Istio's AuthorizationPolicy conditions, without connection.sni and experimental ones"
            )
            return .init(place: .path, values: [])
        }
        let values = patterns(json["values"], place, path.field("values"))
        let others = patterns(json["notValues"], place, path.field("notValues"))
        if values == nil, others == nil { fail(path, "must have values or notValues") }
        return .init(place: place, values: values, others: others ?? [])
    }

    /// - Returns: `nil` where there are none.
    private mutating func patterns(
        _ json: JSONValue?, _ place: Place, _ path: FieldPath
    ) -> [AuthorizationRules.Pattern]? {
        guard let values = json?.arrayValue, !values.isEmpty else { return nil }
        let texts = values.map { $0.stringValue ?? "" }
        if place == .account, texts.count > 16 { fail(path, "must have at most 16 entries") }
        return texts.enumerated().compactMap { pattern($1, place, path.index($0)) }
    }

    private mutating func pattern(_ text: String, _ place: Place, _ path: FieldPath) -> AuthorizationRules.Pattern? {
        guard !text.isEmpty else {
            fail(path, "must not be empty")
            return nil
        }
        switch place {
        case .peerAddress, .remoteAddress, .destinationAddress:
            if let block = AddressBlock(text) { return .block(block) }
            fail(path, "\(text) is neither an address nor a block of them")
        case .path:
            if let pattern = PathPattern(text) { return .path(pattern) }
            fail(path, "\(text) is no template: {*} and one {**} are what braces may hold")
        case .account:
            if !text.contains("*") {
                return .text(.exact(text.contains("/") ? text : "\(namespace)/\(text)"))
            }
            fail(path, "must name a ServiceAccount, as name or namespace/name")
        case .port:
            if let port = Int(text), 1...65_535 ~= port { return .text(.exact(String(port))) }
            fail(path, "\(text) is no port")
        case .host: return .text(StringPattern(text.lowercased()))
        default: return .text(StringPattern(text))
        }
        return nil
    }
}

extension AuthorizationRules.Place {
    /// - Parameter key: as conditions name it: `request.headers[x-team]`, `request.auth.claims[realm][roles]`.
    fileprivate init?(condition key: String) {
        let known: [String: Self] = [
            "source.ip": .peerAddress, "remote.ip": .remoteAddress, "source.namespace": .namespace,
            "source.principal": .principal, "source.serviceAccount": .account,
            "request.auth.principal": .requestPrincipal, "request.auth.audiences": .audiences,
            "request.auth.presenter": .presenter, "destination.ip": .destinationAddress, "destination.port": .port,
        ]
        if let place = known[key] {
            self = place
        } else if let steps = Self.steps(key, after: "request.headers"), steps.count == 1 {
            self = .header(steps[0].lowercased())
        } else if let steps = Self.steps(key, after: "request.auth.claims") {
            self = .claim(steps)
        } else {
            return nil
        }
    }

    private static func steps(_ key: String, after prefix: String) -> [String]? {
        guard key.hasPrefix(prefix + "["), key.hasSuffix("]") else { return nil }
        let inner = key.dropFirst(prefix.count + 1).dropLast()
        // No Foundation here: `][` parts the names.
        var steps = [""]
        var rest = inner
        while let character = rest.first {
            if rest.hasPrefix("][") {
                steps.append("")
                rest = rest.dropFirst(2)
            } else {
                steps[steps.count - 1].append(character)
                rest = rest.dropFirst()
            }
        }
        return steps.contains("") ? nil : steps
    }
}
