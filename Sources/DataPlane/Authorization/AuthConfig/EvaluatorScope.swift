import JSONModel
import KubeModel
import ServingAPI

/// What the evaluators of one AuthConfig work with, for one request.
struct EvaluatorScope: Sendable {
    let policy: RoutePolicy
    let sources: any CredentialSources
    let cache: EvaluatorCache
    /// Seconds since 1970.
    let now: Double

    var namespace: String { policy.service.namespace ?? "" }

    /// What the evaluator found before, or finds now; where its AuthConfig says so, it is kept.
    func cached(
        _ phase: StaticString, _ evaluator: AuthRules.Evaluator, _ json: JSONValue,
        _ find: () async throws -> JSONValue
    ) async throws -> JSONValue {
        // A key that cannot be told keeps nothing.
        guard let rule = evaluator.cache, let key = try? rule.key.value(in: json).selectedText, !key.isEmpty else {
            return try await find()
        }
        let text = "\(phase)/\(evaluator.name)/\(key)"
        if let known = cache.value(text, of: policy, at: now) { return known }
        let found = try await find()
        cache.keep(found, text, of: policy, for: Double(rule.lifetime), at: now)
        return found
    }

    /// - Throws: where the Secret does not have it.
    func secret(_ reference: AuthRules.SecretReference) async throws -> String {
        let key = ObjectKey(namespace: namespace, name: reference.name)
        guard let text = try await sources.secret(key)?.decoded(reference.key) else {
            throw SourceFailure("secret/\(reference.name) has no \(reference.key)")
        }
        return text
    }

    /// - Returns: the values of clientID and clientSecret.
    func client(_ name: String) async throws -> (id: String, secret: String) {
        guard let stored = try await sources.secret(ObjectKey(namespace: namespace, name: name)),
            let id = stored.decoded("clientID"), let secret = stored.decoded("clientSecret")
        else { throw SourceFailure("secret/\(name) with clientID and clientSecret is missing") }
        return (id, secret)
    }
}

extension Object {
    /// What a member of a Secret stands for.
    func decoded(_ key: String) -> String? {
        json[path: "data", key]?.stringValue.flatMap(Base64.decode).map { String(decoding: $0, as: UTF8.self) }
    }
}
