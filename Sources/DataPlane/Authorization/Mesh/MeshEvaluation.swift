import JSONModel
import JSONWebToken
import ServingAPI

/// Evaluates Istio's policies for one request: its certificate, its token, then CUSTOM, DENY, ALLOW. What has to be asked
/// for is asked off the event loops; all the rest is known at once.
struct MeshEvaluation: Sendable {
    let policy: RoutePolicy
    let workloads: [MeshRules]

    /// - Returns: `nil`: somebody has to be asked.
    func verdict(_ request: AccessRequest) -> Verdict? {
        if let denial = workloads.lazy.compactMap({ $0.refusal(of: request) }).first { return .denied(denial) }
        guard !workloads.contains(where: { $0.tokens.contains { $0.find(in: request) != nil } }) else { return nil }
        var remarks: [String] = []
        let call = request.attributes(claims: nil)
        for custom in workloads.flatMap({ $0.customs(for: call, remarks: &remarks) }) {
            switch custom.authority {
            case .own where policy.next != nil: continue
            case .own: return .denied(.byPolicy("AuthorizationPolicy \(custom.rules.name) asks for an AuthConfig"))
            case .unknown(let name): return .denied(.undecided("there is no extension provider \(name)"))
            case .other: return nil
            }
        }
        return settle(call, remarks, Grant.everyone)
    }

    private func settle(_ call: CallAttributes, _ earlier: [String], _ grant: Grant) -> Verdict {
        var remarks = earlier
        for rules in workloads {
            if var denial = rules.refusal(of: call, remarks: &remarks) {
                denial.note = (remarks + [denial.note]).joined(separator: "; ")
                return .denied(denial)
            }
        }
        return .allowed(remarks.isEmpty ? grant : grant.with(remark: remarks.joined(separator: "; ")))
    }

    /// The whole of it.
    func outcome(_ request: AccessRequest, _ services: Services) async -> Outcome {
        if let denial = workloads.lazy.compactMap({ $0.refusal(of: request) }).first {
            return Outcome(.denied(denial), lifetime: .zero)
        }
        do {
            let (claims, grant) = try await token(request, services)
            let call = request.attributes(claims: claims)
            var (remarks, grants): ([String], [Grant]) = ([], [grant])
            for custom in workloads.flatMap({ $0.customs(for: call, remarks: &remarks) }) {
                switch try await ask(custom, request, services) {
                case .denied(let denial): return Outcome(.denied(denial), lifetime: .zero)
                case .allowed(let grant): grants.append(grant)
                case .key: return .undecided("nobody but the gateway knows keys")
                }
            }
            try Task.checkCancellation()
            let joined = grants.dropFirst().reduce(grants[0]) { $0.joined(with: $1) }
            return Outcome(settle(call, remarks, joined), lifetime: .zero)
        } catch let refusal as TokenRefusal {
            return Outcome(.denied(.badToken(refusal.reason, host: request.host)), lifetime: .zero)
        } catch {
            return .undecided("an authority of the mesh's policies did not answer")
        }
    }

    /// What the evaluation may ask.
    struct Services: Sendable {
        let keys: WebKeyStore
        let cache: EvaluatorCache
        let checks: (any CheckAuthority)?
        /// Seconds since 1970.
        let now: Double
    }

    private func ask(_ custom: MeshRules.Custom, _ request: AccessRequest, _ services: Services) async throws -> Verdict
    {
        switch custom.authority {
        case .own where policy.next != nil: return .allowed(.everyone)
        case .own: return .denied(.byPolicy("AuthorizationPolicy \(custom.rules.name) asks for an AuthConfig"))
        case .unknown(let name): return .denied(.undecided("there is no extension provider \(name)"))
        case .other(let provider):
            guard let checks = services.checks else { return .denied(.undecided("nobody can ask \(provider.name)")) }
            do {
                return try await checks.check(request, with: provider).verdict(provider.name)
            } catch is CancellationError { throw CancellationError() } catch {
                if provider.failsOpen {
                    return .allowed(Grant.everyone.with(remark: "\(provider.name) did not answer"))
                }
                var denial = Denial(
                    provider.statusOnError, code: "authorization_unavailable",
                    "Whether the call is allowed could not be decided.")
                denial.note = "the extension provider \(provider.name) did not answer: \(error)"
                return .denied(denial)
            }
        }
    }
}

extension CheckAnswer {
    fileprivate func verdict(_ provider: String) -> Verdict {
        switch self {
        case .allowed(let headers, let removed):
            let plain = headers.filter { header in
                AuthRules.isPlain(header.value) && AuthRules.mayBeSet(header.name)
            }
            let lines = plain.map { "\($0.name): \($0.value)\r\n" }.joined()
            let names = Set(plain.map { $0.name.lowercased() } + removed.filter(AuthRules.mayBeSet))
            return .allowed(
                Grant(user: "anonymous", fields: Array(lines.utf8), replaces: names.sorted().map { Array($0.utf8) }))
        case .denied(let status, let headers, let body):
            // Nothing but a refusal may be given to who is not let in.
            var denial = Denial(
                300...599 ~= status ? status : 403, code: "permission_denied",
                "The caller may not do this with the service.")
            for header in headers where AuthRules.isPlain(header.value) && AuthRules.mayBeSet(header.name) {
                if header.name.lowercased() == "content-type" {
                    denial.contentType = header.value
                } else {
                    denial = denial.with(header.name, header.value)
                }
            }
            denial.body = body
            if !body.isEmpty, denial.contentType == nil { denial.contentType = "text/plain" }
            denial.note = "the extension provider \(provider) denies it"
            return .denied(denial)
        }
    }
}

extension AuthRules {
    fileprivate static func isPlain(_ value: String) -> Bool {
        value.utf8.allSatisfy { $0 > 31 && $0 != 127 || $0 == 9 }
    }
    fileprivate static func mayBeSet(_ name: String) -> Bool { isSettable(header: name) && !name.hasPrefix(":") }
}
