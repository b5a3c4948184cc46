import Activation
import JSONModel
import KubeModel
import NIOCore
import NIOEmbedded
import ServingAPI
import Testing

@testable import Proxy
@testable import Routing

/// Which replica gets a request, and what its answers say of it.
struct GatewayChoiceTests {
    private static let prompt = String(repeating: "tell me a story ", count: 200)

    private func post(_ gateway: EmbeddedGateway, _ text: String, fields: String = "", splitAt split: Int = 0) throws
        -> EmbeddedChannel
    {
        let client = try gateway.makeClient()
        let body = #"{"model":"m","messages":[{"role":"user","content":"\#(text)"}]}"#
        let head =
            "POST /openai/v1/chat/completions HTTP/1.1\r\nHost: h\r\n\(fields)Content-Length: \(body.utf8.count)\r\n\r\n"
        try client.receive(head + body.prefix(split))
        try client.receive(String(body.dropFirst(split)))
        return client
    }

    private func get(_ gateway: EmbeddedGateway, fields: String = "", host: String = "m-default.localhost") throws
        -> EmbeddedChannel
    {
        let client = try gateway.makeClient()
        try client.receive("GET /x HTTP/1.1\r\nHost: \(host)\r\n\(fields)\r\n")
        return client
    }

    /// Answers the latest attempt, and says which port it was at.
    @discardableResult
    private func answer(_ gateway: EmbeddedGateway, _ response: String = FakeModelServer.ok()) throws -> Int? {
        let number = gateway.connector.attempts.count - 1
        let port = gateway.connector.attempts[number].connection.target.address.port
        let upstream = try gateway.accept(number)
        try upstream.receive(response)
        upstream.pipeline.fireChannelInactive()
        return port
    }

    @Test
    func `Prompts go where their beginning went, however they come in pieces, and byte for byte`() throws {
        let gateway = EmbeddedGateway()
        gateway.swap(.single(ports: [9_000, 9_001, 9_002]))
        _ = try post(gateway, Self.prompt)
        let first = try answer(gateway)
        for number in 0..<5 {
            _ = try post(gateway, "another \(number) " + Self.prompt)
            try answer(gateway)
        }
        _ = try post(gateway, Self.prompt + " and then", splitAt: 700)
        let number = gateway.connector.attempts.count - 1
        let connection = gateway.connector.attempts[number].connection
        #expect(connection.target.address.port == first)
        let upstream = try gateway.accept(number)
        #expect(try upstream.sent().hasSuffix(Self.prompt + " and then\"}]}"))
    }

    @Test
    func `A prompt that does not come is given up in time, and one whose caller leaves too`() throws {
        let gateway = EmbeddedGateway()
        gateway.swap(.single(ports: [9_000, 9_001]))
        let head = "POST /v1/completions HTTP/1.1\r\nHost: m-default.localhost\r\nContent-Length: 900\r\n\r\n{"
        let slow = try gateway.makeClient()
        try slow.receive(head)
        let leaver = try gateway.makeClient()
        try leaver.receive(head)
        #expect(gateway.connector.attempts.isEmpty)
        #expect(gateway.traffic?.concurrency.inFlight == 2)
        leaver.pipeline.fireChannelInactive()
        gateway.advance(.seconds(61))
        #expect(try slow.sent().hasPrefix("HTTP/1.1 408 "))
        #expect(gateway.traffic?.concurrency.inFlight == 0)
    }

    @Test
    func `A replica that answers 503 again and again is left out, and tried again later`() throws {
        let gateway = EmbeddedGateway()
        gateway.swap(.single(ports: [9_000, 9_001]))
        var ports: [Int?] = []
        for _ in 0..<20 {
            _ = try get(gateway)
            let isBroken = gateway.connector.attempts.last?.connection.target.address.port == 9_000
            ports.append(
                try answer(gateway, isBroken ? "HTTP/1.1 503 No\r\nContent-Length: 0\r\n\r\n" : FakeModelServer.ok()))
        }
        #expect(ports.count { $0 == 9_000 } == 5)
        #expect(gateway.traffic?.traffic.ejections == 1)
        gateway.advance(.seconds(6))
        let later = try (0..<4).map { _ in
            _ = try get(gateway)
            return try answer(gateway)
        }
        #expect(later.contains(9_000))
    }

    @Test
    func `The only replica is never left out, and 500 is the model's word on the request`() throws {
        for (ports, status) in [([9_000], 503), ([9_000, 9_001], 500)] {
            let gateway = EmbeddedGateway()
            gateway.swap(.single(ports: ports))
            for _ in 0..<20 {
                let client = try get(gateway)
                try answer(gateway, "HTTP/1.1 \(status) No\r\nContent-Length: 0\r\n\r\n")
                #expect(try client.sent().hasPrefix("HTTP/1.1 \(status) "))
            }
            #expect(gateway.traffic?.traffic.ejections == 0)
        }
    }

    @Test
    func `More requests than a revision may have get 429 at once`() throws {
        let gateway = EmbeddedGateway()
        gateway.swap(.single(ports: [9_000]) { $0.maxRequests = 2 })
        for _ in 0..<2 { _ = try get(gateway) }
        let third = try get(gateway)
        let text = try third.sent()
        #expect(text.hasPrefix("HTTP/1.1 429 "))
        #expect(text.contains("Retry-After: 1\r\n") && text.contains("martlet.dev/max-requests"))
        let upstream = try gateway.accept(0)
        try upstream.receive(FakeModelServer.ok())
        let fourth = try get(gateway)
        #expect(try fourth.sent().isEmpty)
    }

    @Test
    func `Who may be shed is refused when all are busy, and waits when none is there`() throws {
        let gateway = EmbeddedGateway()
        let field = "Prefer: priority=sheddable\r\n"
        gateway.swap(.single(ports: [], concurrency: 1))
        let early = try get(gateway, fields: field)
        #expect(gateway.traffic?.waiting == 1)
        gateway.swap(.single(ports: [9_000], concurrency: 1))
        let late = try get(gateway, fields: field)
        #expect(try late.sent().hasPrefix("HTTP/1.1 429 "))
        #expect(try early.sent().isEmpty)
        try answer(gateway)
        #expect(try early.sent().hasSuffix("ok"))
    }

    @Test
    func `A session named by the client leads to the same replica`() throws {
        let gateway = EmbeddedGateway()
        let ports = Array(9_000..<9_005)
        gateway.swap(.single(ports: ports) { $0.session = SessionRule(annotation: "header=X-Session") })
        var seen: Set<Int> = []
        for session in 0..<20 {
            let chosen = try (0..<3).map { _ in
                _ = try get(gateway, fields: "X-Session: s\(session)\r\n")
                return try answer(gateway)
            }
            #expect(Set(chosen).count == 1)
            seen.formUnion(chosen.compactMap(\.self))
        }
        #expect(seen.count > 2)
    }
}

/// `sessionPersistence` and `retry` of HTTPRoutes.
struct GatewayPersistenceTests {
    private static func table(_ fields: JSONValue) -> RoutingTable {
        let service = Object(
            .services, namespace: "default", name: "a", ["spec": ["selector": ["app": "a"], "ports": [["port": 80]]]])
        let pods = (1...3).map { number in
            var pod = Object(
                .pods, namespace: "default", name: "a-\(number)",
                [
                    "metadata": ["uid": .string("u\(number)")],
                    "status": [
                        "podIP": .string("127.0.0.\(number)"), "conditions": [["type": "Ready", "status": "True"]],
                    ],
                ])
            pod.labels = ["app": "a"]
            return pod
        }
        var rule: JSONValue = ["backendRefs": [["name": "a"]]]
        for member in fields.objectValue ?? [:] { rule[member.key] = member.value }
        let route = Object(
            .httpRoutes, namespace: "default", name: "r",
            ["spec": ["parentRefs": [["name": "g"]], "hostnames": ["h.example"], "rules": [rule]]])
        var objects = RoutingObjects(pods: pods, httpRoutes: [route])
        objects.services = [service]
        return RoutingTable.compile(objects, domain: "localhost")
    }

    private func ask(_ gateway: EmbeddedGateway, _ fields: String = "") throws -> (
        client: EmbeddedChannel, host: String?
    ) {
        let client = try gateway.makeClient()
        try client.receive("GET /x HTTP/1.1\r\nHost: h.example\r\n\(fields)\r\n")
        return (client, gateway.connector.attempts.last?.connection.target.address.ipAddress)
    }

    private func answer(_ gateway: EmbeddedGateway, _ status: Int = 200) throws {
        let upstream = try gateway.accept(gateway.connector.attempts.count - 1)
        try upstream.receive("HTTP/1.1 \(status) X\r\nContent-Length: 2\r\n\r\nok")
        upstream.pipeline.fireChannelInactive()
    }

    @Test
    func `A cookie keeps a client with its replica`() throws {
        let gateway = EmbeddedGateway()
        gateway.swap(Self.table(["sessionPersistence": ["sessionName": "sid"]]))
        let (client, host) = try ask(gateway)
        try answer(gateway)
        let text = try client.sent()
        let line = try #require(text.split(separator: "\r\n").first { $0.hasPrefix("Set-Cookie: sid=") })
        #expect(line.hasSuffix("; Path=/; HttpOnly; SameSite=Lax"))
        let cookie = line.dropFirst("Set-Cookie: ".count).prefix { $0 != ";" }
        for _ in 0..<5 {
            let (again, same) = try ask(gateway, "Cookie: x=1; \(cookie)\r\n")
            #expect(same == host)
            try answer(gateway)
            #expect(try !again.sent().contains("Set-Cookie"))
        }
        let (other, _) = try ask(gateway, "Cookie: sid=0123\r\n")
        try answer(gateway)
        #expect(try other.sent().contains("Set-Cookie: sid="), "a replica that is gone is replaced")
    }

    @Test
    func `An answer that the route names is asked for again, so many times, after a pause`() throws {
        let gateway = EmbeddedGateway()
        gateway.swap(Self.table(["retry": ["codes": [503], "attempts": 2, "backoff": "100ms"]]))
        let (client, _) = try ask(gateway)
        for attempt in 1...3 {
            #expect(gateway.connector.attempts.count == attempt)
            try answer(gateway, 503)
            if attempt < 3 { #expect(try client.sent().isEmpty) }
            gateway.advance(.milliseconds(101))
        }
        #expect(gateway.connector.attempts.count == 3)
        #expect(try client.sent().hasPrefix("HTTP/1.1 503 "))
        let (second, _) = try ask(gateway)
        try answer(gateway, 503)
        gateway.advance(.milliseconds(101))
        try answer(gateway)
        #expect(try second.sent().hasPrefix("HTTP/1.1 200 "))
        let (leaver, _) = try ask(gateway)
        try answer(gateway, 503)
        leaver.pipeline.fireChannelInactive()
        let attempts = gateway.connector.attempts.count
        gateway.advance(.seconds(1))
        #expect(gateway.connector.attempts.count == attempts)
        #expect(gateway.traffic?.concurrency.inFlight == 0)
    }
}
