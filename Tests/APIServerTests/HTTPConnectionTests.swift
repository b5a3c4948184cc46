import JSONModel
import KubeClient
import KubeModel
import ObjectStore
import ServingAPI
import Testing

@testable import APIServer

@Suite("What a connection makes of HTTP", .timeLimit(.minutes(1)))
struct HTTPConnectionTests {
    private static let collection = "/api/v1/namespaces/default/configmaps"

    private static func get(_ path: String, _ headers: String = "") -> String {
        "GET \(path) HTTP/1.1\r\nHost: a\r\n\(headers)\r\n"
    }

    private static func put(_ body: String, _ headers: String = "") -> String {
        "POST \(collection) HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
            + "Content-Length: \(body.utf8.count)\r\n\(headers)\r\n"
    }

    @Test("Requests that are sent at once are answered one after the other")
    func pipelining() async throws {
        try await HTTPFixture.with { fixture in
            let text = try await RawClient.with(fixture) { reader in
                try await reader.send(
                    Self.get("/version") + Self.get("/api/v1/namespaces/kube-system") + Self.get("/none"))
                return try await reader.until("HTTP/1.1 404", count: 1)
            }
            let order = try ["gitVersion", "\"name\":\"kube-system\"", "HTTP/1.1 404"].map {
                try #require(text.firstRange(of: $0)).lowerBound
            }
            #expect(order == order.sorted())
        }
    }

    @Test("A client that asks whether to send its body is told to")
    func expectation() async throws {
        try await HTTPFixture.with { fixture in
            let body = #"{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a"}}"#
            let text = try await RawClient.with(fixture) { reader in
                try await reader.send(Self.put(body, "Expect: 100-continue\r\n"))
                #expect(try await reader.until("\r\n\r\n") == "HTTP/1.1 100 Continue\r\n\r\n")
                try await reader.send(body)
                return try await reader.until("201 Created")
            }
            #expect(text.contains("201 Created"))
        }
    }

    @Test("The connection closes where the client says so, or speaks HTTP/1.0", arguments: [true, false])
    func closing(isOld: Bool) async throws {
        try await HTTPFixture.with { fixture in
            let text = try await RawClient.with(fixture) { reader in
                try await reader.send(
                    isOld ? "GET /version HTTP/1.0\r\n\r\n" : Self.get("/version", "Connection: close\r\n"))
                return try await reader.toEnd()
            }
            #expect(text.hasPrefix(isOld ? "HTTP/1.0 200" : "HTTP/1.1 200") && text.hasSuffix("}\n"))
        }
    }

    @Test("HEAD is answered with what GET would be, without its body, and the connection goes on")
    func head() async throws {
        try await HTTPFixture.with { fixture in
            let text = try await RawClient.with(fixture) { reader in
                try await reader.send("HEAD /version HTTP/1.1\r\nHost: a\r\n\r\n" + Self.get("/none"))
                return try await reader.until("HTTP/1.1 404")
            }
            #expect(text.hasPrefix("HTTP/1.1 200") && !text.contains("gitVersion"))
        }
    }

    @Test("What is too large is refused before it is there, and the connection goes on behind it")
    func tooLarge() async throws {
        try await HTTPFixture.with { fixture in
            let text = try await RawClient.with(fixture) { reader in
                let body = String(repeating: "x", count: HTTPExchange.maximumBody + 1)
                try await reader.send(Self.put(body))
                try await reader.send(body)
                _ = try await reader.until("HTTP/1.1 413")
                try await reader.send(Self.get("/version"))
                return try await reader.until("gitVersion")
            }
            #expect(text.contains("gitVersion"))
        }
    }

    @Test("What is no HTTP is answered with 400")
    func noHTTP() async throws {
        try await HTTPFixture.with { fixture in
            let text = try await RawClient.with(fixture) { reader in
                try await reader.send("hello\r\n\r\n")
                return try await reader.toEnd()
            }
            #expect(text.hasPrefix("HTTP/1.1 400"))
        }
    }

    @Test("A request whose body breaks off is not carried out")
    func brokenBody() async throws {
        try await HTTPFixture.with { fixture in
            try await RawClient.with(fixture) { reader in try await reader.send(Self.put("{\"metadata\":{}}") + "{") }
            let list = try await fixture.client.list(.configMaps, namespace: "default")
            #expect(list.items.isEmpty)
        }
    }

    @Test("A watch is forgotten when its client goes")
    func leaving() async throws {
        try await HTTPFixture.with { fixture in
            let configMaps = GroupResource(.configMaps)
            let hub = fixture.server.store.hub
            try await RawClient.with(fixture) { reader in
                try await reader.send(Self.get(Self.collection + "?watch=1"))
                _ = try await reader.until("\r\n\r\n")
                while hub.observerCount(of: configMaps) == 0 { try await Task.sleep(for: .milliseconds(1)) }
            }
            while hub.observerCount(of: configMaps) > 0 { try await Task.sleep(for: .milliseconds(1)) }
        }
    }

    @Test("A watch ends as a whole body when the server stops")
    func stopping() async throws {
        try await HTTPFixture.with { fixture in
            let text = try await RawClient.with(fixture) { reader in
                try await reader.send(Self.get(Self.collection + "?watch=1"))
                _ = try await reader.until("\r\n\r\n")
                await fixture.stop()
                return try await reader.toEnd()
            }
            #expect(text.hasSuffix("\r\n\r\n0\r\n\r\n"))
        }
    }

    @Test("A client that does not read its watch falls behind, and is told so when it reads")
    func slowReader() async throws {
        try await HTTPFixture.with { fixture in
            let text = try await RawClient.with(fixture) { reader in
                try await reader.send(Self.get(Self.collection + "?watch=1"))
                _ = try await reader.until("\r\n\r\n")
                var object = Object.configMap("a", ["text": .string(String(repeating: "x", count: 4000))])
                object.uid = "u"
                let stored = object
                try await fixture.server.write { scope in
                    var last = try scope.transaction.insert(stored, .init(.configMaps))
                    for _ in 0..<3 * WatchLimit.events {
                        last = try scope.transaction.replace(last, with: last, .init(.configMaps))
                    }
                }
                return try await reader.toEnd()
            }
            #expect(text.hasSuffix("\n\r\n0\r\n\r\n"))
            #expect(text.suffix(400).contains("\"type\":\"ERROR\"") && text.suffix(400).contains("\"Expired\""))
        }
    }
}
