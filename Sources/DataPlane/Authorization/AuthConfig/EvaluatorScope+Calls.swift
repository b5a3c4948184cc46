import JSONModel
import ServingAPI

// Requests to others.
extension EvaluatorScope {
    /// Makes a request that an AuthConfig describes.
    ///
    /// - Throws: where there is no good answer.
    func make(_ call: HTTPCall, _ json: JSONValue) async throws -> JSONValue {
        let address = try call.address.value(in: json).selectedText
        var question = HTTPQuestion(call.method, address)
        for (name, value) in call.headers { question.headers.append((name, try Self.line(value, json))) }
        try fill(&question, call.body, json)
        if let client = call.client {
            question.headers.append(("Authorization", "Bearer \(try await token(of: client))"))
        } else if let reference = call.secret {
            Self.show(try await secret(reference), at: call.place, &question)
        }
        return try await sources.send(question).value(from: address)
    }

    private static func line(_ value: AuthValue, _ json: JSONValue) throws -> String {
        let text = try value.value(in: json).selectedText
        guard text.utf8.allSatisfy({ $0 > 31 && $0 != 127 }) else {
            throw SourceFailure("a header would have a line break")
        }
        return text
    }

    private func fill(_ question: inout HTTPQuestion, _ body: HTTPCall.Body, _ json: JSONValue) throws {
        switch body {
        case .none: return
        case .text(let value, let type):
            question.headers.append(("Content-Type", type))
            question.body = Array(try value.value(in: json).selectedText.utf8)
        case .parameters(let parameters, let isForm):
            let members = try parameters.map { ($0.name, try $0.value.value(in: json)) }
            question.headers.append(("Content-Type", isForm ? "application/x-www-form-urlencoded" : "application/json"))
            let form = members.map { "\($0.0.formEncoded)=\($0.1.selectedText.formEncoded)" }.joined(separator: "&")
            question.body = isForm ? Array(form.utf8) : JSONValue.object(JSONObject(members)).serialized()
        }
    }

    private static func show(_ secret: String, at place: AuthRules.CredentialPlace, _ question: inout HTTPQuestion) {
        switch place {
        case .authorization(let prefix): question.headers.append(("Authorization", "\(prefix) \(secret)"))
        case .header(let name): question.headers.append((name, secret))
        case .cookie(let name): question.headers.append(("Cookie", "\(name)=\(secret)"))
        case .query(let name):
            question.address += (question.address.contains("?") ? "&" : "?") + "\(name)=\(secret.formEncoded)"
        }
    }

    /// A token of OAuth 2.0's grant of client credentials, kept until shortly before it ends.
    private func token(of client: HTTPCall.ClientCredentials) async throws -> String {
        var form = [("grant_type", "client_credentials"), ("client_id", client.id)]
        form.append(("client_secret", try await secret(client.secret)))
        if !client.scopes.isEmpty { form.append(("scope", client.scopes.joined(separator: " "))) }
        form += client.parameters.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
        return try await token("\(client.tokenAddress) \(client.id)", at: client.tokenAddress, form)
    }

    private func token(_ name: String, at address: String, _ form: [(String, String)], basic: String? = nil)
        async throws
        -> String
    {
        let name = "token/\(name)"
        if let known = cache.value(name, of: policy, at: now)?.stringValue { return known }
        var question = HTTPQuestion("POST", address)
        question.headers = [("Content-Type", "application/x-www-form-urlencoded")]
        if let basic { question.headers.append(("Authorization", "Basic \(basic)")) }
        question.body = Array(form.map { "\($0.0)=\($0.1.formEncoded)" }.joined(separator: "&").utf8)
        let answer = try await sources.send(question).value(from: address)
        guard let token = answer["access_token"]?.nonEmptyString else {
            throw SourceFailure("\(address) gave no access_token")
        }
        cache.keep(
            .string(token), name, of: policy, for: (answer["expires_in"]?.doubleValue ?? 60) - 10, at: now)
        return token
    }

    /// What an issuer says of the one whose token it is.
    func userInfo(_ issuer: String, token: String) async throws -> JSONValue {
        let document = try await discovery(issuer, "openid-configuration")
        guard let address = document["userinfo_endpoint"]?.nonEmptyString else {
            throw SourceFailure("\(issuer) has no userinfo_endpoint")
        }
        var question = HTTPQuestion("GET", address)
        question.headers = [("Authorization", "Bearer \(token)")]
        return try await sources.send(question).value(from: address)
    }

    /// The resources that a UMA 2.0 server has registered for a path.
    func resources(_ endpoint: String, credentials: String, path: String) async throws -> JSONValue {
        let document = try await discovery(endpoint, "uma2-configuration")
        guard let tokens = document["token_endpoint"]?.nonEmptyString,
            let registry = document["resource_registration_endpoint"]?.nonEmptyString
        else { throw SourceFailure("\(endpoint) names no token_endpoint and resource_registration_endpoint") }
        let (id, secret) = try await client(credentials)
        let basic = Base64.encode(Array("\(id):\(secret)".utf8))
        let token = try await token(
            "\(endpoint) \(id)", at: tokens, [("grant_type", "client_credentials")], basic: basic)
        func get(_ address: String) async throws -> JSONValue {
            var question = HTTPQuestion("GET", address)
            question.headers = [("Authorization", "Bearer \(token)")]
            return try await sources.send(question).value(from: address)
        }
        let found = try await get("\(registry)?uri=\(path.formEncoded)").arrayValue ?? []
        var resources: [JSONValue] = []
        for id in found.compactMap(\.stringValue).prefix(16) {
            resources.append(try await get("\(registry)/\(id.formEncoded)"))
        }
        return .array(resources)
    }

    private func discovery(_ issuer: String, _ name: String) async throws -> JSONValue {
        let base = issuer.hasSuffix("/") ? String(issuer.dropLast()) : issuer
        let address = "\(base)/.well-known/\(name)"
        if let known = cache.value(address, of: policy, at: now) { return known }
        let document = try await sources.document(address)
        cache.keep(document, address, of: policy, for: 300, at: now)
        return document
    }
}

extension String {
    /// As forms and queries have it.
    var formEncoded: String {
        let digits = Array("0123456789ABCDEF".utf8)
        var bytes: [UInt8] = []
        for byte in utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "~"):
                bytes.append(byte)
            default: bytes += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
