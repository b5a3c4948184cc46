import JSONModel
import KubeAccess
import ServingAPI

// What a caller must be allowed.
extension AuthPipeline {
    private enum Finding: Sendable {
        case allowed(JSONValue)
        case refused(String)
        case failed(any Error)
    }

    /// Why the caller may not; `nil`: all rules hold.
    ///
    /// - Parameter json: gets what rules found, for those that come after them.
    /// - Throws: where a rule could not be evaluated, and no other one refuses.
    func refusal(_ json: inout JSONValue, _ request: AccessRequest) async throws -> String? {
        for group in rules.authorizations.byPriority(\.evaluator) {
            let known = json
            var findings: [String: Finding] = [:]
            if group.count == 1 {
                findings[group[0].name] = await find(group[0], known, request)
            } else {
                await withTaskGroup(of: (String, Finding).self) { tasks in
                    for rule in group { tasks.addTask { (rule.name, await self.find(rule, known, request)) } }
                    for await (name, finding) in tasks { findings[name] = finding }
                }
            }
            var failure: (any Error)?
            for rule in group {
                switch findings[rule.name] {
                case .allowed(let value): json[path: "auth", "authorization", rule.name] = value
                case .refused(let reason): return reason
                case .failed(let error): failure = error
                case nil: failure = SourceFailure("\(rule.name) was not evaluated")
                }
            }
            if let failure { throw failure }
        }
        return nil
    }

    private func find(_ authorization: AuthRules.Authorization, _ json: JSONValue, _ request: AccessRequest) async
        -> Finding
    {
        do {
            // A rule that is left out holds.
            guard try authorization.conditions.allSatisfy({ try $0.holds(json) }) else { return .allowed(.null) }
            return .allowed(
                try await scope.cached("authorization", authorization.evaluator, json) {
                    try await evaluate(authorization.rule, json, request)
                })
        } catch let refusal as RuleRefusal {
            return .refused(refusal.reason)
        } catch {
            return .failed(error)
        }
    }

    /// - Returns: what others may look at.
    /// - Throws: `RuleRefusal` for a caller who may not, anything else where that cannot be found out.
    private func evaluate(_ rule: AuthRules.Rule, _ json: JSONValue, _ request: AccessRequest) async throws -> JSONValue
    {
        switch rule {
        case .patterns(let patterns):
            // A pattern that cannot be evaluated does not hold.
            let holds = patterns.allSatisfy { pattern in (try? pattern.holds(json)) ?? false }
            guard holds else { throw RuleRefusal(reason: "Unauthorized") }
            return true
        case .access(let access):
            let (identity, attributes) = try access.review(json, request)
            guard try await identities.authority.mayAccess(identity, attributes) else {
                throw RuleRefusal(reason: "not authorized: unknown reason")
            }
            return true
        case .policyAgent(let endpoint, let secret): return try await scope.ask(agent: endpoint, secret, json)
        case .relation(let relation): return try await scope.ask(relation, json)
        }
    }
}

/// Why a rule does not hold.
struct RuleRefusal: Error, Sendable {
    var reason: String
}

extension EvaluatorScope {
    /// The document of an Open Policy Agent, which has the authorization JSON for its input. What is not defined is
    /// denied.
    func ask(agent endpoint: String, _ reference: AuthRules.SecretReference?, _ json: JSONValue) async throws
        -> JSONValue
    {
        let answer = try await post(["input": json], to: endpoint, reference)
        let result = answer["result"]
        guard result?.boolValue == true || result?["allow"]?.boolValue == true else {
            throw RuleRefusal(reason: "Unauthorized")
        }
        return result ?? .null
    }

    /// SpiceDB's CheckPermission.
    func ask(_ rule: AuthRules.RelationRule, _ json: JSONValue) async throws -> JSONValue {
        func object(_ object: (kind: AuthValue, name: AuthValue)) throws -> JSONValue {
            [
                "objectType": .string(try object.kind.value(in: json).selectedText),
                "objectId": .string(try object.name.value(in: json).selectedText),
            ]
        }
        let question: JSONValue = [
            "consistency": ["fullyConsistent": true], "resource": try object(rule.resource),
            "permission": .string(try rule.permission.value(in: json).selectedText),
            "subject": ["object": try object(rule.subject)],
        ]
        let base = rule.endpoint.hasSuffix("/") ? String(rule.endpoint.dropLast()) : rule.endpoint
        let answer = try await post(question, to: "\(base)/v1/permissions/check", rule.secret)
        guard answer["permissionship"]?.stringValue == "PERMISSIONSHIP_HAS_PERMISSION" else {
            throw RuleRefusal(reason: "PERMISSIONSHIP_NO_PERMISSION")
        }
        return answer
    }

    private func post(_ json: JSONValue, to address: String, _ reference: AuthRules.SecretReference?) async throws
        -> JSONValue
    {
        var question = HTTPQuestion("POST", address)
        question.headers = [("Content-Type", "application/json")]
        if let reference { question.headers.append(("Authorization", "Bearer \(try await secret(reference))")) }
        question.body = json.serialized()
        return try await sources.send(question).value(from: address)
    }
}

extension AuthRules.AccessRule {
    /// Who is asked about, and what.
    fileprivate func review(_ json: JSONValue, _ request: AccessRequest) throws -> (Identity, AccessAttributes) {
        let name = try user.value(in: json).selectedText
        let groups = try groups?.value(in: json).arrayValue?.map(\.selectedText) ?? []
        guard !name.isEmpty || !groups.isEmpty else { throw SourceFailure("the review names nobody") }
        let identity = Identity(user: name, groups: groups)
        guard !attributes.isEmpty else {
            return (identity, AccessAttributes(verb: request.method.lowercased(), .path(request.path)))
        }
        func text(_ key: String) throws -> String { try attributes[key]?.value(in: json).selectedText ?? "" }
        return (
            identity,
            try AccessAttributes(
                verb: text("verb"), group: text("group"), resource: text("resource"), subresource: text("subresource"),
                namespace: text("namespace"), name: text("name"))
        )
    }
}
