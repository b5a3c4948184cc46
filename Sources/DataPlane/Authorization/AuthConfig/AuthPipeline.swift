import JSONModel
import KubeAccess
import KubeModel
import ServingAPI

/// Evaluates an AuthConfig for one request: who calls, what else is to be known, what that one may, then what goes on to
/// the server. Only the end of all of it is an allowance; whatever breaks off before is a denial.
struct AuthPipeline: Sendable {
    let identities: IdentityEvaluation
    /// Of verdicts that may be kept.
    let limits: AccessDesk.Limits

    var rules: AuthRules { identities.rules }
    var scope: EvaluatorScope { identities.scope }

    func outcome(_ request: AccessRequest) async -> Outcome {
        var json = request.json
        do {
            guard try rules.conditions.allSatisfy({ try $0.holds(json) }) else {
                return Outcome(.allowed(Grant(user: "anonymous")), lifetime: kept(limits.allowed))
            }
            let (caller, refusals) = try await identify(request, json)
            guard let caller else { return await end(denied(unauthenticated(refusals, json)), json) }
            json["auth"] = ["identity": caller.json, "metadata": [:], "authorization": [:], "response": [:]]
            await addMetadata(to: &json, caller, request)
            if let reason = try await refusal(&json, request) {
                return await end(denied(unauthorized(reason, json)), json)
            }
            let limit = caller.expiration.map { min(limits.allowed, .seconds(max(0, $0 - scope.now))) }
            let grant = await grant(&json)
            let outcome = await end(Outcome(.allowed(grant), lifetime: kept(limit ?? limits.allowed)), json)
            try Task.checkCancellation()
            return outcome
        } catch {
            return .undecided("an authority of the AuthConfig did not answer")
        }
    }

    private func denied(_ denial: Denial) -> Outcome { Outcome(.denied(denial), lifetime: kept(limits.denied)) }

    /// An answer that depends on more than the caller is for one request only.
    private func kept(_ lifetime: Duration) -> Duration { rules.isAboutCaller ? lifetime : .zero }

    /// Tells those who are to be told. What they say changes nothing.
    private func end(_ outcome: Outcome, _ json: JSONValue) async -> Outcome {
        for group in rules.callbacks.byPriority(\.evaluator) {
            await withDiscardingTaskGroup { tasks in
                for callback in group where callback.evaluator.holds(json) == true {
                    tasks.addTask { _ = try? await scope.make(callback.call, json) }
                }
            }
        }
        return outcome
    }

    /// The first who knows the caller.
    ///
    /// - Throws: where nobody knows, and one of them could not find out.
    private func identify(
        _ request: AccessRequest, _ json: JSONValue
    ) async throws -> (EvaluatedIdentity?, refusals: [(name: String, reason: String)]) {
        var refusals: [(name: String, reason: String)] = []
        var failure: (any Error)?
        for identity in rules.identities {
            do {
                guard try identity.conditions.allSatisfy({ try $0.holds(json) }) else { continue }
                return (try await identities.identify(identity, request, json), refusals)
            } catch let refusal as IdentityRefusal {
                refusals.append((identity.name, refusal.reason))
            } catch { failure = error }
        }
        if let failure { throw failure }
        return (nil, refusals)
    }

    /// What cannot be found out is left out: rules that need it do not hold then.
    private func addMetadata(to json: inout JSONValue, _ caller: EvaluatedIdentity, _ request: AccessRequest) async {
        for group in rules.metadata.byPriority(\.evaluator) {
            let known = json
            let found = await withTaskGroup(of: (String, JSONValue?).self) { tasks in
                for metadata in group where metadata.evaluator.holds(known) == true {
                    tasks.addTask {
                        let value = try? await scope.cached("metadata", metadata.evaluator, known) {
                            try await self.find(metadata.source, known, caller, request)
                        }
                        return (metadata.evaluator.name, value)
                    }
                }
                return await tasks.reduce(into: []) { $0.append($1) }
            }
            for (name, value) in found { json[path: "auth", "metadata", name] = value }
        }
    }

    private func find(
        _ source: AuthRules.MetadataSource, _ json: JSONValue, _ caller: EvaluatedIdentity, _ request: AccessRequest
    ) async throws -> JSONValue {
        switch source {
        case .http(let call): return try await scope.make(call, json)
        case .userInfo(let name):
            let identity = rules.identities.first { $0.name == name }
            guard caller.name == name, let token = caller.credential,
                case .webToken(let issuer?, _, _, _)? = identity?.method
            else { throw SourceFailure("the caller was not known by \(name)") }
            return try await scope.userInfo(issuer, token: token)
        case .resources(let endpoint, let credentials):
            return try await scope.resources(endpoint, credentials: credentials, path: request.path)
        }
    }
}

extension AuthRules.Evaluator {
    /// - Returns: `nil` where that cannot be told.
    func holds(_ json: JSONValue) -> Bool? { try? conditions.allSatisfy { try $0.holds(json) } }
}

extension Array {
    /// Neighbours of the same priority together: they are evaluated at once.
    func byPriority(_ evaluator: (Element) -> AuthRules.Evaluator) -> [[Element]] {
        reduce(into: []) { groups, element in
            if let last = groups.last?.last, evaluator(last).priority == evaluator(element).priority {
                groups[groups.count - 1].append(element)
            } else {
                groups.append([element])
            }
        }
    }
}
