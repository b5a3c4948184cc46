import ServingAPI

/// What Istio's policies say of one workload.
struct MeshRules: Sendable {
    /// A rule of the action CUSTOM, and whom it asks.
    struct Custom: Sendable {
        enum Authority: Sendable {
            /// This gateway's own AuthConfigs and annotations.
            case own
            case other(CheckProvider)
            /// It is not among the mesh's providers.
            case unknown(String)
        }

        var rules: AuthorizationRules
        var authority: Authority
    }

    var peers = PeerRules.Mode.unset
    /// By ports of the gateway.
    var peersByPort: [Int: PeerRules.Mode] = [:]
    var tokens: [TokenRules.Issuer] = []
    var customs: [Custom] = []
    var denials: [AuthorizationRules] = []
    var allowances: [AuthorizationRules] = []
    var audits: [AuthorizationRules] = []

    func needsCertificate(atPort port: Int) -> Bool { (peersByPort[port] ?? peers) == .strict }
}

extension MeshRules {
    /// Why the connection is not good enough; `nil`: it is.
    func refusal(of request: AccessRequest) -> Denial? {
        let port = request.peer?.localPort ?? 0
        guard needsCertificate(atPort: port), request.peer?.certificate?.isTrusted != true else { return nil }
        return .withoutCertificate
    }

    /// DENY, then ALLOW; what only would be done is remarked.
    func refusal(of call: CallAttributes, remarks: inout [String]) -> Denial? {
        for rules in audits where rules.matches(call) { remarks.append("AuthorizationPolicy \(rules.name) marks it") }
        for rules in denials where rules.matches(call) {
            guard rules.isDryRun else { return .byPolicy("AuthorizationPolicy \(rules.name) denies it") }
            remarks.append("AuthorizationPolicy \(rules.name) (dry run) would deny it")
        }
        let (trials, real) = (allowances.filter(\.isDryRun), allowances.filter { !$0.isDryRun })
        if !trials.isEmpty, !trials.contains(where: { $0.matches(call) }) {
            remarks.append("AuthorizationPolicy \(trials[0].name) (dry run) would not allow it")
        }
        guard !real.isEmpty, !real.contains(where: { $0.matches(call) }) else { return nil }
        return .byPolicy("no AuthorizationPolicy allows it")
    }

    /// Those whose providers have to be asked.
    func customs(for call: CallAttributes, remarks: inout [String]) -> [Custom] {
        var asked: [Custom] = []
        for custom in customs where custom.rules.matches(call) {
            if custom.rules.isDryRun {
                remarks.append("AuthorizationPolicy \(custom.rules.name) (dry run) would ask for it")
            } else {
                asked.append(custom)
            }
        }
        return asked
    }
}

extension Denial {
    /// Istio's words.
    static func byPolicy(_ note: String) -> Denial {
        var denial = Denial(403, code: "permission_denied", "RBAC: access denied")
        denial.body = "RBAC: access denied"
        denial.contentType = "text/plain"
        denial.note = note
        return denial
    }

    /// A connection without TLS, or without a certificate, where a PeerAuthentication asks for one.
    static let withoutCertificate: Denial = {
        var denial = Denial(
            403, code: "client_certificate_required",
            "The service takes calls by TLS only, with a client certificate of one of the gateway's authorities.")
        denial.note = "a PeerAuthentication asks for a certificate"
        return denial
    }()

    static func badToken(_ reason: String, host: String) -> Denial {
        var denial = Denial(401, code: "invalid_api_key", reason)
        denial.body = reason
        denial.contentType = "text/plain"
        denial.note = reason
        let realm = host.filter { $0 != "\"" && $0 != "\\" }
        return denial.with("WWW-Authenticate", "Bearer realm=\"http://\(realm)/\", error=\"invalid_token\"")
    }
}
