import Authorization
import JSONModel
import KubeAccess
import KubeModel
import NIOCore
import NIOEmbedded
import Routing
import Synchronization
import Testing

@testable import Proxy

/// Knows the token `good`, and answers when the test says so.
final class HeldAuthority: AccessAuthority {
    private struct State {
        var reviews = 0
        var isOpen = false
    }

    private let state = Mutex(State())
    let epoch = AccessEpoch()

    var reviews: Int { state.withLock { $0.reviews } }
    func open() { state.withLock { $0.isOpen = true } }

    func review(token: String, audiences: [String]) async throws -> ReviewedCaller? {
        state.withLock { $0.reviews += 1 }
        while !state.withLock({ $0.isOpen }) { try await Task.sleep(for: .milliseconds(1)) }
        if token == "trouble" { throw CancellationError() }
        return token == "good" ? ReviewedCaller(identity: Identity(user: "ci", groups: ["g"])) : nil
    }

    func mayAccess(_ identity: Identity, _ attributes: AccessAttributes) async throws -> Bool { true }
}

@Suite("The gateway lets in those who may call")
struct GatewayAccessTests {
    private let authority = HeldAuthority()

    private static func access(_ table: RoutingTable) -> AccessTable {
        var service = Object(["apiVersion": "serving.kserve.io/v1beta1", "kind": "InferenceService", "spec": [:]])
        service.json["metadata"] = ["namespace": "default", "name": "m"]
        service.annotations = ["security.opendatahub.io/enable-auth": "true"]
        var compiler = AccessCompiler()
        let key = ObjectKey(namespace: "default", name: "m")
        return compiler.compile(table.routes.map { _ in RouteSubject(owners: [key]) }) { _ in service }
    }

    /// A gateway whose one service is protected and asleep, and what answers its questions.
    private func with(_ body: (EmbeddedGateway) async throws -> Void) async throws {
        let desk = AccessDesk(authority: authority, epoch: authority.epoch, now: { 0 })
        let gateway = EmbeddedGateway(desk: desk)
        let table = RoutingTable.single(ports: [])
        gateway.swap(table, Self.access(table))
        let running = Task { await desk.run() }
        try await body(gateway)
        running.cancel()
    }

    private static func post(_ token: String?, body: String = "{\"model\":\"m\"}", path: String = "/v1/completions")
        -> String
    {
        let field = token.map { "Authorization: Bearer \($0)\r\n" } ?? ""
        return
            "POST \(path) HTTP/1.1\r\nHost: m-default.localhost\r\n\(field)Content-Length: \(body.utf8.count)\r\n\r\n\(body)"
    }

    private func settle(_ gateway: EmbeddedGateway, _ what: Comment, _ condition: () -> Bool) async throws {
        try await eventually(what) {
            gateway.loop.run()
            return condition()
        }
    }

    @Test("without a token it is 401 at once, nothing wakes, and the connection goes on")
    func noToken() async throws {
        try await with { gateway in
            let client = try gateway.makeClient()
            for _ in 0..<2 {
                try client.receive(Self.post(nil))
                let answer = try client.sent()
                #expect(answer.hasPrefix("HTTP/1.1 401 Unauthorized\r\n"))
                #expect(answer.contains("WWW-Authenticate: Bearer realm=\"kubernetes-user\"\r\n"))
                #expect(answer.contains("X-Ext-Auth-Reason: credential not found\r\n"))
                #expect(answer.contains("Content-Length: 0\r\n") && !answer.contains("Content-Type"))
            }
            #expect(gateway.signal.count == 0 && authority.reviews == 0)
            #expect(client.isActive)
        }
    }

    @Test("a bad token wakes nothing; a good one does, and is not seen by the server")
    func tokens() async throws {
        try await with { gateway in
            authority.open()
            let bad = try gateway.makeClient()
            try bad.receive(Self.post("bad"))
            var answer = ""
            try await settle(gateway, "the bad token is refused") {
                answer += (try? bad.sent()) ?? ""
                return !answer.isEmpty
            }
            #expect(answer.hasPrefix("HTTP/1.1 401 ") && answer.contains("X-Ext-Auth-Reason: not authenticated\r\n"))
            #expect(gateway.signal.count == 0)
            let good = try gateway.makeClient()
            try good.receive(Self.post("good"))
            try await settle(gateway, "the model is woken") { gateway.signal.count == 1 }
            let table = RoutingTable.single(ports: [9])
            gateway.swap(table, Self.access(table))
            let server = try gateway.accept()
            gateway.loop.run()
            let sent = try server.sent()
            #expect(sent.contains("X-Remote-User: ci\r\nX-Remote-Groups: g\r\n\r\n{\"model\":\"m\"}"))
            #expect(!sent.lowercased().contains("authorization"))
        }
    }

    @Test("a client cannot say by itself who it is")
    func spoofing() async throws {
        try await with { gateway in
            gateway.swap(.single(ports: [9]))
            let client = try gateway.makeClient()
            try client.receive(
                "GET / HTTP/1.1\r\nHost: m-default.localhost\r\nX-Remote-User: root\r\nx-remote-groups: g\r\n\r\n")
            let server = try gateway.accept()
            gateway.loop.run()
            #expect(try !server.sent().lowercased().contains("x-remote-"))
        }
    }

    @Test("by the OpenAI endpoints the denial has OpenAI's shape")
    func openAI() async throws {
        try await with { gateway in
            let client = try gateway.makeClient()
            let request = Self.post(nil, path: "/openai/v1/completions")
                .replacing("m-default.localhost", with: "localhost")
            try client.receive(request)
            let answer = try client.sent()
            #expect(answer.hasPrefix("HTTP/1.1 401 ") && answer.contains("\"code\":\"invalid_api_key\""))
            #expect(answer.contains("Content-Type: application/json\r\n"))
        }
    }

    @Test("who leaves while it is found out is not waited for, and the answer hurts nobody")
    func leaving() async throws {
        try await with { gateway in
            let client = try gateway.makeClient()
            try client.receive(Self.post("good"))
            try await settle(gateway, "the token is being reviewed") { authority.reviews == 1 }
            try await client.close().get()
            authority.open()
            let other = try gateway.makeClient()
            try other.receive(Self.post("good"))
            try await settle(gateway, "the other one is let in") { gateway.signal.count == 1 }
            #expect(authority.reviews == 1)
        }
    }

    @Test("a body that comes while it is found out is sent on whole, and what follows is answered")
    func body() async throws {
        try await with { gateway in
            let table = RoutingTable.single(ports: [9])
            gateway.swap(table, Self.access(table))
            let client = try gateway.makeClient()
            let request = Self.post("good", body: String(repeating: "x", count: 1_000))
            try client.receive(String(request.dropLast(500)))
            try await settle(gateway, "the token is being reviewed") { authority.reviews == 1 }
            try client.receive(String(request.suffix(500)) + Self.post("good"))
            authority.open()
            try await settle(gateway, "it goes on") { !gateway.connector.attempts.isEmpty }
            let server = try gateway.accept()
            gateway.loop.run()
            #expect(try server.sent().hasSuffix("\r\n\r\n" + String(repeating: "x", count: 1_000)))
            try server.receive("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
            gateway.loop.run()
            #expect(try server.sent().hasSuffix("{\"model\":\"m\"}"))
            #expect(authority.reviews == 1)
        }
    }

    @Test("an authority that does not answer is 503 after a while, never a way in")
    func silence() async throws {
        try await with { gateway in
            let client = try gateway.makeClient()
            try client.receive(Self.post("good"))
            try await settle(gateway, "the token is being reviewed") { authority.reviews == 1 }
            gateway.advance(.seconds(11))
            #expect(try client.sent().hasPrefix("HTTP/1.1 503 "))
            authority.open()
            #expect(gateway.signal.count == 0)
        }
    }

    @Test("without anyone who could review tokens nobody is let in")
    func noDesk() throws {
        let gateway = EmbeddedGateway()
        let table = RoutingTable.single(ports: [9])
        gateway.swap(table, Self.access(table))
        let client = try gateway.makeClient()
        try client.receive(Self.post("good"))
        gateway.loop.run()
        #expect(try client.sent().hasPrefix("HTTP/1.1 503 "))
        #expect(gateway.connector.attempts.isEmpty)
    }

    @Test("the list of models has only what its reader may use")
    func list() async throws {
        try await with { gateway in
            let none = try await get("/openai/v1/models", "", gateway)
            let bad = try await get("/openai/v1/models", "bad", gateway)
            let good = try await get("/openai/v1/models", "good", gateway)
            #expect(none.contains("\"data\":[]") && bad.contains("\"data\":[]"))
            #expect(good.contains("\"id\":\"m\""))
            // What could not be found out is not asked again and again.
            let before = authority.reviews
            let trouble = try await get("/openai/v1/models", "trouble", gateway)
            #expect(trouble.contains("\"data\":[]") && authority.reviews == before + 1)
        }
    }

    @Test("a model is described to who may use it, and named to nobody else")
    func description() async throws {
        try await with { gateway in
            #expect(try await get("/openai/v1/models/m", "", gateway).hasPrefix("HTTP/1.1 401 "))
            #expect(try await get("/openai/v1/models/m", "bad", gateway).hasPrefix("HTTP/1.1 401 "))
            #expect(try await get("/openai/v1/models/m", "good", gateway).contains("\"id\":\"m\""))
            for path in ["/openai/v1/models/x", "/serving/a/x/v1", "/nothing"] {
                let answer = try await get(path, "good", gateway)
                #expect(answer.hasPrefix("HTTP/1.1 404 ") && answer.contains("not for everyone"), "\(path): \(answer)")
            }
        }
    }

    /// The answer to who comes with this token; without any, if it is empty.
    private func get(_ path: String, _ token: String, _ gateway: EmbeddedGateway) async throws -> String {
        authority.open()
        let client = try gateway.makeClient()
        let field = token.isEmpty ? "" : "Authorization: Bearer \(token)\r\n"
        try client.receive("GET \(path) HTTP/1.1\r\nHost: localhost\r\n\(field)\r\n")
        var answer = ""
        try await settle(gateway, "the answer comes") {
            answer += (try? client.sent()) ?? ""
            return !answer.isEmpty
        }
        return answer
    }
}
