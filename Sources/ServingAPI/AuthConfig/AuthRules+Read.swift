import CEL
import JSONModel
package import KubeModel

extension AuthRules {
    /// Reads an AuthConfig.
    ///
    /// - Returns: the rules, and all that is wrong or not there yet. With any problem the rules must not be used.
    package static func read(_ object: Object) -> (rules: AuthRules, problems: [Status.Cause]) {
        var reader = AuthReader(patterns: object.spec["patterns"] ?? [:])
        var rules = AuthRules()
        let (spec, path) = (object.spec, FieldPath("spec"))
        rules.isLenient = object.annotations[AuthConfigKeys.lenient] == "true"
        rules.hosts = spec["hosts"]?.arrayValue?.compactMap(\.stringValue) ?? []
        rules.conditions = reader.predicates(spec["when"], path.field("when"))
        rules.identities = reader.named(spec["authentication"], path.field("authentication")) {
            $0.identity($1, $2, $3)
        }
        rules.metadata = reader.named(spec["metadata"], path.field("metadata")) { $0.metadata($1, $2, $3) }
        rules.authorizations = reader.named(spec["authorization"], path.field("authorization")) {
            $0.authorization($1, $2, $3)
        }
        let (response, place) = (spec["response"] ?? [:], path.field("response"))
        rules.unauthenticated = reader.denial(response["unauthenticated"], place.field("unauthenticated"))
        rules.unauthorized = reader.denial(response["unauthorized"], place.field("unauthorized"))
        let (success, found) = (response["success"] ?? [:], place.field("success"))
        rules.headers = reader.named(success["headers"], found.field("headers")) {
            $0.item($1, $2, $3, isHeader: true)
        }
        rules.dynamicMetadata = reader.named(success["dynamicMetadata"], found.field("dynamicMetadata")) {
            $0.item($1, $2, $3, isHeader: false)
        }
        rules.callbacks = reader.named(spec["callbacks"], path.field("callbacks")) { $0.callback($1, $2, $3) }
        reader.checkSources(rules, path.field("metadata"))
        return (rules, reader.problems)
    }
}

/// What is particular to Martlet in an AuthConfig.
package enum AuthConfigKeys {
    /// Annotation: `"true"` leaves issuer and audience of tokens unchecked, as Authorino does.
    package static let lenient = "martlet.dev/authorino-compatible"
}

/// Reads the parts of an AuthConfig and gathers what is wrong.
struct AuthReader {
    let patterns: JSONValue
    var problems: [Status.Cause] = []

    init(patterns: JSONValue) { self.patterns = patterns }

    mutating func fail(_ path: FieldPath, _ why: String) { problems.append(.invalid(path, "", why)) }

    /// What is not there is refused: it might be what was to keep somebody out.
    mutating func refuse(_ json: JSONValue, _ name: String, _ path: FieldPath, _ why: String) {
        if !(json[name]?.isNull ?? true) { problems.append(.forbidden(path.field(name), why)) }
    }

    /// The entries of a map, by priority, then by name.
    mutating func named<Value>(
        _ json: JSONValue?, _ path: FieldPath, _ read: (inout AuthReader, String, JSONValue, FieldPath) -> Value?
    ) -> [Value] {
        let members = (json?.objectValue?.members ?? []).sorted {
            ($0.value["priority"]?.intValue ?? 0, $0.key) < ($1.value["priority"]?.intValue ?? 0, $1.key)
        }
        return members.compactMap { read(&self, $0.key, $0.value, path.key($0.key)) }
    }

    mutating func predicates(_ json: JSONValue?, _ path: FieldPath) -> [AuthPredicate] {
        (json?.arrayValue ?? []).enumerated().compactMap { predicate($1, path.index($0)) }
    }

    private mutating func predicate(_ json: JSONValue, _ path: FieldPath, depth: Int = 0) -> AuthPredicate? {
        guard depth < 8 else {
            fail(path, "is nested too deeply")
            return nil
        }
        if let text = json["predicate"]?.stringValue {
            return program(text, path.field("predicate")).map { .program($0) }
        }
        if let name = json["patternRef"]?.stringValue {
            guard let all = patterns[name]?["allOf"]?.arrayValue else {
                fail(path.field("patternRef"), "there is no pattern \(name) in spec.patterns")
                return nil
            }
            return .all(all.compactMap { predicate($0, path, depth: depth + 1) })
        }
        for (name, make) in [("all", AuthPredicate.all), ("any", AuthPredicate.any)] {
            guard let parts = json[name]?.arrayValue else { continue }
            return make(parts.enumerated().compactMap { predicate($1, path.field(name).index($0), depth: depth + 1) })
        }
        return comparison(json, path)
    }

    private mutating func comparison(_ json: JSONValue, _ path: FieldPath) -> AuthPredicate? {
        guard let selector = selector(json["selector"], path.field("selector")) else { return nil }
        guard let comparison = json["operator"]?.stringValue.flatMap(AuthPredicate.Comparison.init) else {
            fail(path.field("operator"), "must be one of eq, neq, incl, excl, matches")
            return nil
        }
        let value = json["value"]?.stringValue ?? ""
        if comparison == .matches, (try? Regex(value)) == nil {
            fail(path.field("value"), "is no regular expression")
            return nil
        }
        return .compare(selector, comparison, value)
    }

    mutating func value(_ json: JSONValue?, _ path: FieldPath) -> AuthValue? {
        guard let json, !json.isNull else { return nil }
        if let text = json["expression"]?.stringValue {
            return program(text, path.field("expression")).map { .program($0) }
        }
        if json["selector"] != nil { return selector(json["selector"], path.field("selector")).map { .selector($0) } }
        if let value = json["value"] { return .constant(value) }
        fail(path, "must have a value, a selector or an expression")
        return nil
    }

    private mutating func selector(_ json: JSONValue?, _ path: FieldPath) -> AuthSelector? {
        guard let selector = json?.stringValue.flatMap(AuthSelector.init) else {
            fail(
                path,
                "must be a path of names and indices, such as auth.identity.sub, with Authorino's modifiers, or a text with such paths in braces"
            )
            return nil
        }
        return selector
    }

    private mutating func program(_ text: String, _ path: FieldPath) -> CELProgram? {
        do throws(CELError) { return try CELProgram(text, variables: AuthPredicate.variables) } catch {
            fail(path, "\(error)")
            return nil
        }
    }
}
