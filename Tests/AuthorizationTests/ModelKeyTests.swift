import Activation
import Crypto
import JSONModel
import KubeAccess
import KubeModel
import Testing

@testable import Authorization

@Suite("API keys for models")
struct ModelKeyTests {
    static let text = "sk-martlet-abc"

    static func secret(_ annotations: [String: String] = [:], namespace: String = "default", key: String = text)
        -> Object
    {
        let digest = SHA256.hash(data: Array(key.utf8)).map { byte in
            let text = String(byte, radix: 16)
            return text.count == 1 ? "0" + text : text
        }.joined()
        var secret = Object(["apiVersion": "v1", "kind": "Secret"])
        secret.json["metadata"] = ["namespace": .string(namespace), "name": "k", "uid": "1"]
        secret.json["data"] = ["api_key_sha256": .string(base64(digest))]
        secret.annotations = annotations
        return secret
    }

    private static func base64(_ text: String) -> String {
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
        var (result, bits, count) = ("", 0, 0)
        for byte in text.utf8 {
            (bits, count) = (bits << 8 | Int(byte), count + 8)
            while count >= 6 {
                count -= 6
                result.append(alphabet[bits >> count & 63])
            }
            bits &= (1 << count) - 1
        }
        if count > 0 { result.append(alphabet[bits << (6 - count) & 63]) }
        return result + String(repeating: "=", count: (4 - result.count % 4) % 4)
    }

    private func judge(_ key: ModelKey?, service: String = "default/m", token: String = text, now: Double = 0)
        -> Verdict?
    {
        var access = LoopAccess<Int>(epoch: AccessEpoch(), wallClock: { now })
        if let key { access.apply(.set(key)) }
        let parts = service.split(separator: "/").map(String.init)
        let policy = RoutePolicy(service: ObjectKey(namespace: parts[0], name: parts[1]))
        let head = Array("GET / HTTP/1.1\r\nAuthorization: Bearer \(token)\r\n".utf8)
        let answer = access.judge(policy, head: head.span, waiter: 0, at: MonotonicTime(nanoseconds: 0))
        if case .verdict(let verdict) = answer { return verdict }
        return nil
    }

    private func status(_ verdict: Verdict?) -> Int? {
        switch verdict {
        case .key, .allowed: 200
        case .denied(let denial): denial.status
        case nil: nil
        }
    }

    @Test(
        "a key is good for what it is scoped to, and for nothing else",
        arguments: [
            ([:], "default", "default/m", 200), ([:], "default", "other/m", 403),
            (["martlet.dev/key-services": "a, m"], "default", "default/m", 200),
            (["martlet.dev/key-services": "a"], "default", "default/m", 403),
            (["martlet.dev/key-services": ""], "default", "default/m", 403),
            (["martlet.dev/key-namespaces": "*"], "default", "other/m", 403),
            (["martlet.dev/key-namespaces": "*"], "martlet-system", "other/m", 200),
            (["martlet.dev/key-namespaces": "a,b"], "martlet-system", "b/m", 200),
            (["martlet.dev/key-namespaces": "a,b"], "martlet-system", "c/m", 403),
        ])
    func scope(annotations: [String: String], namespace: String, service: String, expected: Int) throws {
        let key = try ModelKey(secret: Self.secret(annotations, namespace: namespace))
        #expect(status(judge(key, service: service)) == expected)
    }

    @Test("a key that is not known, was removed or has ended is 401, and nobody is asked")
    func refused() throws {
        #expect(status(judge(nil)) == 401)
        let key = try ModelKey(secret: Self.secret())
        #expect(status(judge(key, token: "sk-martlet-abd")) == 401)
        let ending = try ModelKey(secret: Self.secret(["martlet.dev/key-expires": "1970-01-01T00:00:10Z"]))
        #expect(status(judge(ending, now: 9)) == 200 && status(judge(ending, now: 10)) == 401)
        var ring = KeyRing()
        ring.apply(.set(key))
        ring.apply(.removed(key))
        #expect(ring[key.digest] == nil)
    }

    @Test(
        "a Secret that cannot be understood is no key",
        arguments: [
            ["martlet.dev/key-expires": "tomorrow"], ["martlet.dev/key-requests-per-minute": "many"],
            ["martlet.dev/key-tokens-per-day": "0"], ["martlet.dev/key-concurrent-requests": "-1"],
        ])
    func malformed(annotations: [String: String]) {
        #expect(throws: ModelKeyProblem.self) { try ModelKey(secret: Self.secret(annotations)) }
    }

    @Test("a digest that is none makes no key", arguments: ["", "YWJj", "????", "Z2hp"])
    func digest(text: String) {
        var secret = Self.secret()
        secret.json["data"] = ["api_key_sha256": .string(text)]
        #expect(throws: ModelKeyProblem.self) { try ModelKey(secret: secret) }
    }

    @Test("429 tells when to try again, as OpenAI's clients read it")
    func rateLimited() throws {
        let key = try ModelKey(secret: Self.secret(["martlet.dev/key-requests-per-minute": "60"]))
        for _ in 0..<60 { _ = key.budget.reserve(0, at: 100) }
        let exceeded = try #require(key.budget.reserve(0, at: 100).exceeded)
        let denial = Denial.exceeded(exceeded, of: key, at: 100)
        #expect(denial.status == 429)
        #expect(
            denial.fields == [
                .init(name: "Retry-After", value: "1"), .init(name: "X-RateLimit-Limit-requests", value: "60"),
                .init(name: "X-RateLimit-Remaining-requests", value: "0"),
                .init(name: "X-RateLimit-Reset-requests", value: "60s"),
            ])
    }

    @Test("what was used is gone on with after a restart")
    func restores() throws {
        let limits = ["martlet.dev/key-tokens-per-day": "1000"]
        let key = try ModelKey(secret: Self.secret(limits))
        _ = key.budget.reserve(700, at: 5_000)
        key.noteUse(at: 5_000)
        let again = try ModelKey(secret: Self.secret(limits))
        again.restore(key.spending)
        #expect(again.budget.dailyTokens?.remaining(at: 5_000) == 300 && again.lastUsed == 5_000)
    }
}
