import Crypto
import FoundationEssentials
import JSONModel
import JSONWebToken
import KubeAccess
import KubeModel
import ServingAPI

extension TokenIssuer {
    /// Reads a token that this issuer made. Whether its objects are still there is not looked at.
    ///
    /// - Throws: where it is malformed, of another, not of this time, or altered.
    func verify(_ text: String, now: Int64) throws(WebTokenError) -> VerifiedToken {
        let token = try WebToken(parsing: text)
        guard token.issuer == issuer || token.issuer == Self.secretIssuer else {
            throw WebTokenError("the token is of another issuer")
        }
        try keys.verify(token)
        try token.checkTime(now: now)
        let verified = token.issuer == issuer ? requested(token) : ofSecret(token, text)
        guard let verified, verified.identity.user == token.subject else {
            throw WebTokenError("the token lacks claims that it must have")
        }
        return verified
    }

    private func requested(_ token: WebToken) -> VerifiedToken? {
        let claims = token.claims["kubernetes.io"]
        guard let namespace = claims?["namespace"]?.stringValue, let end = token.expiration,
            let account = claims?["serviceaccount"], let name = account["name"]?.stringValue,
            let uid = account["uid"]?.stringValue
        else { return nil }
        var extra: [String: [String]] = [:]
        if let id = token.claims["jti"]?.stringValue {
            extra["authentication.kubernetes.io/credential-id"] = ["JTI=\(id)"]
        }
        var objects = [
            TokenObject(resource: .serviceAccounts, key: ObjectKey(namespace: namespace, name: name), uid: uid)
        ]
        for (kind, resource) in [("pod", Resource.pods), ("secret", .secrets)] {
            guard let bond = claims?[kind], let name = bond["name"]?.stringValue, let uid = bond["uid"]?.stringValue
            else { continue }
            objects.append(
                TokenObject(resource: resource, key: ObjectKey(namespace: namespace, name: name), uid: uid))
            guard kind == "pod" else { continue }
            extra["authentication.kubernetes.io/pod-name"] = [name]
            extra["authentication.kubernetes.io/pod-uid"] = [uid]
        }
        return VerifiedToken(
            identity: .serviceAccount(namespace: namespace, name: name, uid: uid, extra: extra),
            audiences: token.audiences, expiration: end, objects: objects)
    }

    private func ofSecret(_ token: WebToken, _ text: String) -> VerifiedToken? {
        func claim(_ name: String) -> String? { token.claims["\(Self.secretIssuer)/\(name)"]?.stringValue }
        guard let namespace = claim("namespace"), let secret = claim("secret.name"),
            let name = claim("service-account.name"), let uid = claim("service-account.uid")
        else { return nil }
        let content = Data(text.utf8).base64EncodedString()
        return VerifiedToken(
            identity: .serviceAccount(namespace: namespace, name: name, uid: uid), audiences: audiences,
            expiration: nil,
            objects: [
                TokenObject(resource: .serviceAccounts, key: ObjectKey(namespace: namespace, name: name), uid: uid),
                TokenObject(
                    resource: .secrets, key: ObjectKey(namespace: namespace, name: secret),
                    content: SHA256.hash(data: Array(content.utf8))),
            ])
    }
}
