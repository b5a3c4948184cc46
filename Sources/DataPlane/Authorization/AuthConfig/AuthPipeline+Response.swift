import Crypto
import JSONModel
import JSONWebToken
import ServingAPI

// What the server is told of a caller that may call.
extension AuthPipeline {
    /// What cannot be made is left out: the server sees that it is missing.
    func grant(_ json: inout JSONValue) async -> Grant {
        let identity = json[path: "auth", "identity"]
        let user =
            identity?[path: "user", "username"] ?? identity?["sub"] ?? identity?[path: "metadata", "name"]
            ?? identity?["CommonName"]
        var lines = ""
        for item in rules.headers {
            guard let value = try? await content(item, json) else { continue }
            json[path: "auth", "response", item.evaluator.name] = value
            let text = value.selectedText
            if text.utf8.allSatisfy({ $0 > 31 && $0 != 127 || $0 == 9 }) { lines += "\(item.key): \(text)\r\n" }
        }
        var metadata: JSONValue = [:]
        for item in rules.dynamicMetadata {
            if let value = try? await content(item, json) { metadata[item.key] = value }
        }
        return Grant(
            user: user?.selectedText ?? "anonymous", fields: Array(lines.utf8),
            replaces: rules.headers.map { Array($0.key.lowercased().utf8) },
            metadata: rules.dynamicMetadata.isEmpty ? nil : metadata)
    }

    /// - Throws: where its conditions do not hold, too.
    private func content(_ item: AuthRules.Item, _ json: JSONValue) async throws -> JSONValue {
        guard item.evaluator.holds(json) == true else { throw SourceFailure("\(item.key) is left out") }
        return try await scope.cached("response", item.evaluator, json) {
            switch item.content {
            case .plain(let value): return try value.value(in: json)
            case .json(let members):
                return .object(JSONObject(try members.map { ($0.name, try $0.value.value(in: json)) }))
            case .wristband(let wristband): return .string(try await token(wristband, json))
            }
        }
    }

    /// A token that says what was found out, and whose subject stands for the identity without telling it.
    private func token(_ wristband: AuthRules.Wristband, _ json: JSONValue) async throws -> String {
        let key = try await scope.secret(AuthRules.SecretReference(name: wristband.secret, key: "key.pem"))
        let identity = (json[path: "auth", "identity"] ?? .null).serialized()
        let digits = Array("0123456789abcdef".utf8)
        let digest = SHA256.hash(data: identity).flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
        let now = Int(scope.now)
        var claims: JSONValue = [
            "iss": .string(wristband.issuer), "iat": .number(JSONNumber(now)),
            "exp": .number(JSONNumber(now + wristband.lifetime)),
            "sub": .string(String(decoding: digest, as: UTF8.self)),
        ]
        for (name, value) in wristband.claims { claims[name] = try value.value(in: json) }
        return try WebTokenSigner(pem: key).sign(claims)
    }
}
