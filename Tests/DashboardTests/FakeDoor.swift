import JSONModel
import KubeAccess
import KubeClient
import KubeModel
import Observability
import Synchronization

@testable import Dashboard

/// An API that knows some objects, and lets `good` tokens in.
final class FakeDoor: KubeDoor {
    /// By path without the query.
    let answers = Mutex<[String: JSONValue]>([:])
    let asked = Mutex<[KubeRequest]>([])
    let tokens = Mutex<Set<String>>(["good"])

    func identity(ofToken token: String) async throws -> Identity {
        guard tokens.withLock({ $0.contains(token) }) else { throw Status.badRequest("the token is not known") }
        return Identity(user: "ada", groups: [Identity.authenticated])
    }

    func send(_ request: KubeRequest, as identity: Identity) async throws -> JSONValue {
        asked.withLock { $0.append(request) }
        let path = String(request.target.prefix { $0 != "?" })
        if let answer = answers.withLock({ $0[path] }) { return answer }
        if request.method == .get, path.hasSuffix("s") {
            return ["items": []]
        }
        throw Status(code: 404, reason: "NotFound", message: "\(path) is not there")
    }

    func stream(
        _ request: KubeRequest, as identity: Identity, write: ([UInt8]) async throws -> Void
    ) async throws { try await write(Array("line\n".utf8)) }

    func namespaces() async -> [String] { ["default"] }
}

/// A dashboard of the tests' own, at a time that they set.
struct TestSite {
    let door = FakeDoor()
    let site: Site
    static let now: Int64 = 1_800_000_000

    init() {
        var services = SiteServices(door: door, metrics: MetricRegistry(), now: { Self.now })
        services.linkKey = "key"
        site = Site(services)
    }

    func get(_ target: String, cookie: String? = nil, headers: [String: String] = [:]) async -> WebResponse {
        await ask("GET", target, cookie: cookie, headers: headers)
    }

    func ask(
        _ method: String, _ target: String, cookie: String? = nil, body: String = "", isLocal: Bool = true,
        headers: [String: String] = [:]
    ) async -> WebResponse {
        var request = WebRequest(method: method, target: target)
        request.headers = ["host": "127.0.0.1:8081"]
        request.headers["cookie"] = cookie
        request.headers.merge(headers) { $1 }
        request.body = Array(body.utf8)
        request.isLocal = isLocal
        return await site.answer(request)
    }

    /// The cookie of a session that a token began.
    func logIn() async -> String {
        let answer = await ask("POST", "/login", body: "token=good")
        return answer.header("Set-Cookie").map { String($0.prefix { $0 != ";" }) } ?? ""
    }
}

extension WebResponse {
    func header(_ name: String) -> String? { headers.first { $0.name == name }?.value }

    var text: String {
        guard case .whole(let bytes) = body else { return "" }
        return String(decoding: bytes, as: UTF8.self)
    }
}
