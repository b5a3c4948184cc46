import Activation
import Authorization
import Crypto
import Glibc
import JSONModel
import JSONWebToken
import KubeAccess
import KubeModel
import ServingAPI
import Synchronization

// Prints what deciding costs the gateway: CPU of the event loop for each request that it knows the caller of, and the
// whole time of the first look at a token.

/// Knows every token at once: what is measured is Martlet's own part.
struct Everyone: AccessAuthority, CredentialSources {
    let keys: JSONValue

    func review(token: String, audiences: [String]) async throws -> ReviewedCaller? {
        ReviewedCaller(identity: Identity(user: "system:serviceaccount:default:ci", groups: ["system:authenticated"]))
    }

    func mayAccess(_ identity: Identity, _ attributes: AccessAttributes) async throws -> Bool { true }
    func document(_ address: String) async throws -> JSONValue { keys }
    func secrets(withKey digest: TokenDigest, namespace: String) -> [Object] { [] }
    func secret(_ key: ObjectKey) async throws -> Object? { nil }

    func post(
        _ form: [(name: String, value: String)], to address: String, user: String, password: String
    ) async throws -> JSONValue { [:] }
}

func cpuNanoseconds() -> Int {
    var time = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return time.tv_sec * 1_000_000_000 + time.tv_nsec
}

func head(_ token: String) -> [UInt8] {
    let lines = [
        "POST /v1/chat/completions HTTP/1.1", "Host: smollm2-default.localhost:8080", "User-Agent: openai-python/1.0",
        "Accept: application/json", "Content-Type: application/json", "Content-Length: 120",
        "Authorization: Bearer \(token)", "X-Forwarded-For: 127.0.0.1", "X-Forwarded-Proto: http",
    ]
    return Array(lines.map { $0 + "\r\n" }.joined().utf8)
}

/// What was to be measured did not happen.
struct Mistake: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}

func access(_ object: Object, _ config: Object? = nil) throws -> RoutePolicy {
    var compiler = AccessCompiler()
    let subject = RouteSubject(owners: [object.key], hosts: ["m.localhost"], namespaces: ["default"])
    let table = compiler.compile([subject], authConfigs: config.map { [$0] } ?? []) { _ in object }
    guard case .guarded(let policy) = table[0] else { throw Mistake("the service is not protected") }
    return policy
}

func digest(_ text: String) -> String {
    let digits = Array("0123456789abcdef".utf8)
    let hexadecimal = SHA256.hash(data: Array(text.utf8)).flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
    let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    var (result, bits, count): ([UInt8], Int, Int) = ([], 0, 0)
    for byte in hexadecimal {
        (bits, count) = ((bits << 8 | Int(byte)) & 0xFFFFF, count + 8)
        while count >= 6 {
            count -= 6
            result.append(alphabet[bits >> count & 63])
        }
    }
    if count > 0 { result.append(alphabet[bits << (6 - count) & 63]) }
    return String(decoding: result, as: UTF8.self)
}

func measure(_ loop: inout LoopAccess<Int>, _ policy: RoutePolicy, _ heads: [[UInt8]], rounds: Int = 300_000) throws
    -> Double
{
    let now = MonotonicTime(nanoseconds: 0)
    var allowed = 0
    let before = cpuNanoseconds()
    for round in 0..<rounds {
        let head = heads[round % heads.count]
        if case .verdict(let verdict) = loop.judge(policy, head: head.span, waiter: 0, at: now) {
            switch verdict {
            case .allowed, .key: allowed += 1
            case .denied: break
            }
        }
    }
    let spent = Double(cpuNanoseconds() - before) / Double(rounds) / 1_000
    guard allowed == rounds else { throw Mistake("the caller was let in \(allowed) of \(rounds) times") }
    return spent
}

func row(_ what: String, _ microseconds: Double, _ bar: String) {
    let number = String(Int(microseconds * 1_000))
    print("  \(what)\(String(repeating: " ", count: max(1, 58 - what.count)))\(number) ns   \(bar)")
}

/// In a function of its own: what stands outside of one belongs to the main actor.
func printCosts() async throws {
    var service = Object([
        "apiVersion": "serving.kserve.io/v1beta1", "kind": "InferenceService", "spec": ["predictor": [:]],
    ])
    service.json["metadata"] = ["namespace": "default", "name": "m"]
    service.annotations = [ServingKeys.enableAuth: "true"]
    let epoch = AccessEpoch()
    let signer = WebTokenSigner()
    let desk = AccessDesk(
        authority: Everyone(keys: WebKeySet([signer.publicKey]).json),
        sources: Everyone(keys: WebKeySet([signer.publicKey]).json), epoch: epoch, now: { 1_000 })
    let running = Task { await desk.run() }

    /// Asks for a token once, so that the loop knows it.
    func warm(_ loop: inout LoopAccess<Int>, _ policy: RoutePolicy, _ token: String) async throws -> Double {
        let bytes = head(token)
        let began = ContinuousClock.now
        guard
            case .ask(let question) = loop.judge(policy, head: bytes.span, waiter: 0, at: MonotonicTime(nanoseconds: 0))
        else {
            throw Mistake("the token is known already")
        }
        let outcome = await withCheckedContinuation { continuation in
            desk.ask(question) { continuation.resume(returning: $0) }
        }
        _ = loop.complete(question, outcome, at: MonotonicTime(nanoseconds: 0))
        return Double((ContinuousClock.now - began) / .nanoseconds(1)) / 1_000
    }

    print("What deciding who may call costs the gateway, for each request:")
    let padding = String(repeating: "x", count: 700)
    let serviceToken = try signer.sign(["sub": "system:serviceaccount:default:ci", "pad": .string(padding)])
    let policy = try access(service)
    for count in [10, 100_000] {
        var loop = LoopAccess<Int>(epoch: epoch, wallClock: { 1_000 })
        for number in 0..<count {
            let text = "sk-martlet-\(number)-abcdefghijklmnopqrstuvwxyz0123456789"
            let secret = ModelKeySecret.make(
                ObjectKey(namespace: "default", name: "k\(number)"), digest: digest(text), annotations: [:])
            loop.apply(.set(try ModelKey(secret: secret)))
        }
        let heads = (0..<min(count, 1_000)).map {
            head("sk-martlet-\($0 * (count / min(count, 1_000)))-abcdefghijklmnopqrstuvwxyz0123456789")
        }
        row("API key, one of \(count)", try measure(&loop, policy, heads), "at most 3000")
    }
    var loop = LoopAccess<Int>(epoch: epoch, wallClock: { 1_000 })
    _ = try await warm(&loop, policy, serviceToken)
    row(
        "token of the API (\(serviceToken.utf8.count) bytes), known", try measure(&loop, policy, [head(serviceToken)]),
        "at most 5000")

    var config = Object(["apiVersion": "authorino.kuadrant.io/v1beta3", "kind": "AuthConfig"])
    config.json["metadata"] = ["namespace": "default", "name": "c"]
    config.json["spec"] = [
        "hosts": ["m.localhost"],
        "authentication": ["a": ["jwt": ["jwksUrl": "https://idp/keys", "audiences": ["models"]]]],
    ]
    let configured = try access(service, config)
    func webToken(_ id: Int) throws -> String {
        try signer.sign(["sub": "ann", "aud": "models", "exp": 2_000, "jti": .string("\(id)"), "pad": .string(padding)])
    }
    // Once: no two signatures are alike.
    let webToken0 = try webToken(0)
    _ = try await warm(&loop, configured, webToken0)
    row("JWT by an AuthConfig, known", try measure(&loop, configured, [head(webToken0)]), "at most 5000")
    let tokens = try (1...2_000).map(webToken)
    let before = cpuNanoseconds()
    for token in tokens { _ = try await warm(&loop, configured, token) }
    row(
        "JWT by an AuthConfig, seen for the first time", Double(cpuNanoseconds() - before) / 2_000 / 1_000,
        "at most 200000"
    )
    running.cancel()
}

try await printCosts()
