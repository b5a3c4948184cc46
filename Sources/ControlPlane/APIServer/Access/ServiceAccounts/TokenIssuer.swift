import JSONModel
package import JSONWebToken

/// Makes the tokens of ServiceAccounts, and knows its own again.
///
/// Two forms, as in Kubernetes: those that are asked for (TokenRequest) have audiences and an end; those in Secrets of
/// the type kubernetes.io/service-account-token have neither.
package struct TokenIssuer: Sendable {
    /// The issuer in tokens, and the audience that the API itself is.
    package static let defaultIssuer = "https://kubernetes.default.svc"
    /// The issuer of tokens in Secrets.
    static let secretIssuer = "kubernetes/serviceaccount"

    let signer: WebTokenSigner
    let issuer: String
    /// What a token for this API names as its audience.
    let audiences: [String]

    package init(_ signer: WebTokenSigner, issuer: String = Self.defaultIssuer) {
        self.signer = signer
        self.issuer = issuer
        audiences = [issuer]
    }

    /// What tells whether a token is of this issuer.
    var keys: WebKeySet { WebKeySet([signer.publicKey]) }
}

extension TokenIssuer {
    /// For whom a token is made.
    struct Holder: Sendable {
        var namespace: String
        var name: String
        var uid: String
    }

    /// What ends a token before its time.
    struct Bond: Sendable {
        /// `pod`, `secret` or `node`, as in the claims.
        var kind: String
        var name: String
        var uid: String
    }

    /// - Parameters:
    ///   - now: seconds since 1970.
    ///   - lifetime: seconds.
    ///   - id: different for each token.
    func token(
        for holder: Holder, audiences: [String], now: Int64, lifetime: Int64, id: String, bonds: [Bond] = []
    ) throws -> String {
        var kubernetes: JSONValue = [
            "namespace": .string(holder.namespace),
            "serviceaccount": ["name": .string(holder.name), "uid": .string(holder.uid)],
        ]
        for bond in bonds { kubernetes[bond.kind] = ["name": .string(bond.name), "uid": .string(bond.uid)] }
        return try signer.sign([
            "iss": .string(issuer), "sub": .string(subject(holder)), "jti": .string(id),
            "aud": .array(audiences.map { .string($0) }), "iat": number(now), "nbf": number(now),
            "exp": number(now + lifetime), "kubernetes.io": kubernetes,
        ])
    }

    /// A token that a Secret holds, and that lasts as long as it does.
    func token(for holder: Holder, secret: String) throws -> String {
        let prefix = Self.secretIssuer
        return try signer.sign([
            "iss": .string(prefix), "sub": .string(subject(holder)),
            "\(prefix)/namespace": .string(holder.namespace), "\(prefix)/secret.name": .string(secret),
            "\(prefix)/service-account.name": .string(holder.name),
            "\(prefix)/service-account.uid": .string(holder.uid),
        ])
    }

    private func subject(_ holder: Holder) -> String { "system:serviceaccount:\(holder.namespace):\(holder.name)" }

    private func number(_ value: Int64) -> JSONValue { .number(JSONNumber(Int(value))) }
}
