import JSONModel
import KubeAccess
import KubeModel
import ServingAPI

/// Evaluates an AuthConfig for one request: who calls, then what that one may, then what goes on to the server. Only the
/// end of all of it is an allowance; whatever breaks off before is a denial.
struct AuthPipeline: Sendable {
    let identities: IdentityEvaluation
    /// Of verdicts that may be kept.
    let limits: AccessDesk.Limits

    private var rules: AuthRules { identities.rules }

    func outcome(_ request: AccessRequest) async -> Outcome {
        var json = request.json
        do {
            guard try rules.conditions.allSatisfy({ try $0.holds(json) }) else {
                return Outcome(.allowed(Grant(user: "anonymous")), lifetime: kept(limits.allowed))
            }
            let (caller, refusals) = try await identify(request, json)
            guard let caller else { return denied(unauthenticated(refusals, json)) }
            json["auth"] = ["identity": caller.json, "metadata": [:], "authorization": [:]]
            if let reason = try await refusal(json, request) { return denied(unauthorized(reason, json)) }
            try Task.checkCancellation()
            let limit = caller.expiration.map { min(limits.allowed, .seconds(max(0, $0 - identities.now))) }
            return Outcome(.allowed(grant(json)), lifetime: kept(limit ?? limits.allowed))
        } catch {
            return .undecided("an authority of the AuthConfig did not answer")
        }
    }

    private func denied(_ denial: Denial) -> Outcome { Outcome(.denied(denial), lifetime: kept(limits.denied)) }

    /// An answer that depends on more than the caller is for one request only.
    private func kept(_ lifetime: Duration) -> Duration { rules.isAboutCaller ? lifetime : .zero }

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
                return (try await identities.evaluate(identity, request, json), refusals)
            } catch let refusal as IdentityRefusal {
                refusals.append((identity.name, refusal.reason))
            } catch { failure = error }
        }
        if let failure { throw failure }
        return (nil, refusals)
    }

    /// Why the caller may not; `nil`: all rules hold.
    ///
    /// - Throws: where a rule could not be evaluated.
    private func refusal(_ json: JSONValue, _ request: AccessRequest) async throws -> String? {
        for authorization in rules.authorizations {
            guard try authorization.conditions.allSatisfy({ try $0.holds(json) }) else { continue }
            switch authorization.rule {
            case .patterns(let patterns):
                // A pattern that cannot be evaluated does not hold.
                let holds = patterns.allSatisfy { pattern in (try? pattern.holds(json)) ?? false }
                guard holds else { return "Unauthorized" }
            case .access(let access):
                let (identity, attributes) = try access.review(json, request)
                guard try await identities.authority.mayAccess(identity, attributes) else {
                    return "not authorized: unknown reason"
                }
            }
        }
        return nil
    }

    private func grant(_ json: JSONValue) -> Grant {
        let identity = json[path: "auth", "identity"]
        let user = identity?[path: "user", "username"] ?? identity?["sub"] ?? identity?[path: "metadata", "name"]
        var lines = ""
        var names: [String] = []
        for (name, value) in rules.headers {
            names.append(name.lowercased())
            guard let text = try? value.value(in: json).selectedText,
                text.utf8.allSatisfy({ $0 > 31 && $0 != 127 || $0 == 9 })
            else { continue }
            lines += "\(name): \(text)\r\n"
        }
        return Grant(
            user: user?.selectedText ?? "anonymous", fields: Array(lines.utf8), replaces: names.map { Array($0.utf8) })
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
