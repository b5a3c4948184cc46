import FoundationEssentials
import JSONModel
import KubeClient
import KubeModel
import ServingAPI

/// The tokens of one service, as OpenShift AI's dashboard and `martlet token` make them.
struct ServiceTokens: Sendable {
    let tokens: ServiceToken
    let api: UserAPI

    /// - Parameter service: an InferenceService as it is stored.
    init(_ service: Object, _ api: UserAPI) {
        tokens = ServiceToken(service)
        self.api = api
    }

    /// - Parameter seconds: how long it lasts, told at once and never shown again; `nil`: until it is revoked.
    /// - Returns: the token, where it ends by itself.
    @discardableResult
    func create(_ name: String, seconds: Int?, now: Int64 = 0) async throws -> String? {
        for (resource, object) in tokens.holder { _ = try await api.apply(resource, object) }
        let end = seconds.map { Timestamp.string(seconds: now + Int64($0)) }
        let secret = try await api.create(.secrets, tokens.secret(name, end: end))
        guard let seconds else { return nil }
        return try await api.tokenRequest(tokens.account, tokens.request(seconds: seconds, secret: secret))
    }

    func all() async -> [Object] {
        await api.listed(.secrets, namespace: tokens.service.namespace).filter(tokens.isToken)
    }

    /// What a Secret holds; `nil` for one that only stands for a token that ends.
    static func text(_ secret: Object) -> String? {
        guard let data = secret["data", "token"]?.stringValue, let bytes = Data(base64Encoded: data), !bytes.isEmpty
        else { return nil }
        return String(decoding: bytes, as: UTF8.self)
    }
}

/// A length of time as people write it: `30m`, `12h`, `30d`.
enum Lifetime {
    /// In seconds; `nil` where it is none.
    static func seconds(_ text: String) -> Int? {
        let units: [Character: Int] = ["s": 1, "m": 60, "h": 3_600, "d": 86_400]
        guard let last = text.last, let unit = units[last], let count = Int(text.dropLast()), count > 0,
            count < 100_000
        else { return nil }
        return count * unit
    }
}
