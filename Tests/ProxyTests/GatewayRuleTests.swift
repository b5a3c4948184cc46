import JSONModel
import KubeModel
import NIOEmbedded
import ServingAPI
import Testing

@testable import Proxy
@testable import Routing

/// What rules of the Gateway API do to requests and responses, on the wire.
struct GatewayRuleTests {
    private static func table(_ rules: [JSONValue]) -> RoutingTable {
        let service = Object(
            .services, namespace: "default", name: "a", ["spec": ["selector": ["app": "a"], "ports": [["port": 80]]]])
        var pod = Object(
            .pods, namespace: "default", name: "a-1",
            ["status": ["podIP": "127.0.0.1", "conditions": [["type": "Ready", "status": "True"]]]])
        pod.labels = ["app": "a"]
        let route = Object(
            .httpRoutes, namespace: "default", name: "r",
            [
                "spec": [
                    "parentRefs": [["name": "gateway"]], "hostnames": ["h.example"], "rules": .array(rules),
                ]
            ])
        var objects = RoutingObjects(pods: [pod], httpRoutes: [route])
        objects.services = [service]
        return RoutingTable.compile(objects, domain: "localhost")
    }

    private static func rule(_ filters: JSONValue..., path: String = "/old", fields: JSONValue = [:]) -> JSONValue {
        var rule: JSONValue = [
            "matches": [["path": ["value": .string(path)]]], "filters": .array(filters), "backendRefs": [["name": "a"]],
        ]
        for member in fields.objectValue ?? [:] { rule[member.key] = member.value }
        return rule
    }

    private func start(_ rules: JSONValue..., request: String) throws -> (EmbeddedGateway, EmbeddedChannel) {
        let gateway = EmbeddedGateway()
        gateway.swap(Self.table(rules))
        let client = try gateway.makeClient()
        try client.receive(request)
        return (gateway, client)
    }

    @Test func `Headers, host and path are changed on their way to the server`() throws {
        let (gateway, _) = try start(
            Self.rule(
                [
                    "type": "RequestHeaderModifier",
                    "requestHeaderModifier": [
                        "set": [["name": "X-Set", "value": "new"]], "add": [["name": "X-Add", "value": "more"]],
                        "remove": ["x-secret"],
                    ],
                ],
                [
                    "type": "URLRewrite",
                    "urlRewrite": [
                        "hostname": "inner.example",
                        "path": ["type": "ReplacePrefixMatch", "replacePrefixMatch": "/new"],
                    ],
                ]),
            request: "POST /old/x?q=1 HTTP/1.1\r\nHost: h.example\r\nx-set: old\r\nX-Add: one\r\nX-SECRET: s\r\n"
                + "Content-Length: 4\r\n\r\nbody")
        let sent = try gateway.accept().sent()
        #expect(sent.hasPrefix("POST /new/x?q=1 HTTP/1.1\r\nHost: inner.example\r\n"))
        #expect(sent.contains("\r\nX-Set: new\r\n") && !sent.contains("x-set: old"))
        #expect(sent.contains("\r\nX-Add: one\r\n") && sent.contains("\r\nX-Add: more\r\n"))
        #expect(!sent.contains("X-SECRET") && !sent.contains("\r\nHost: h.example"))
        #expect(sent.contains("\r\nX-Forwarded-Host: h.example\r\n"))
        #expect(sent.hasSuffix("\r\n\r\nbody"))
    }

    @Test func `Headers are changed on their way to the client`() throws {
        let (gateway, client) = try start(
            Self.rule([
                "type": "ResponseHeaderModifier",
                "responseHeaderModifier": [
                    "set": [["name": "Server", "value": "none"]], "remove": ["x-internal", "content-length"],
                ],
            ]),
            request: "GET /old HTTP/1.1\r\nHost: h.example\r\n\r\n")
        let server = try gateway.accept()
        _ = try server.sent()
        try server.receive(
            "HTTP/1.1 200 OK\r\nserver: uvicorn\r\nX-Internal: 1\r\nContent-Length: 2\r\n\r\nok")
        let answer = try client.sent()
        #expect(answer.contains("\r\nServer: none\r\n") && !answer.contains("uvicorn"))
        #expect(!answer.contains("X-Internal"))
        // Where the message ends is not for filters, whatever passed admission by.
        #expect(answer.contains("\r\nContent-Length: 2\r\n") && answer.hasSuffix("\r\n\r\nok"))
    }

    @Test func `A redirect is answered here, and the connection goes on`() throws {
        let (gateway, client) = try start(
            Self.rule(
                ["type": "RequestRedirect", "requestRedirect": ["scheme": "https", "statusCode": 301]],
                fields: ["backendRefs": .null]),
            request: "GET /old/x?q HTTP/1.1\r\nHost: h.example:8080\r\n\r\n")
        let answer = try client.sent()
        #expect(answer.hasPrefix("HTTP/1.1 301 Moved Permanently\r\n"))
        #expect(answer.contains("\r\nLocation: https://h.example/old/x?q\r\n"))
        #expect(gateway.connector.attempts.isEmpty)
        try client.receive("GET /none HTTP/1.1\r\nHost: h.example\r\n\r\n")
        #expect(try client.sent().hasPrefix("HTTP/1.1 404 "))
    }

    @Test func `A rule without a backend answers 500`() throws {
        let (gateway, client) = try start(
            Self.rule(fields: ["backendRefs": [["name": "nobody"]]]),
            request: "GET /old HTTP/1.1\r\nHost: h.example\r\n\r\n")
        let answer = try client.sent()
        #expect(answer.hasPrefix("HTTP/1.1 500 ") && answer.contains("no_backend"))
        #expect(gateway.connector.attempts.isEmpty)
    }

    @Test func `Paths are matched in their one form`() throws {
        let (gateway, _) = try start(Self.rule(), request: "GET /x/../%6Fld/a HTTP/1.1\r\nHost: h.example\r\n\r\n")
        #expect(try gateway.accept().sent().hasPrefix("GET /old/a HTTP/1.1\r\n"))
    }

    @Test func `A rule's time limit is for the whole answer`() throws {
        let (gateway, client) = try start(
            Self.rule(fields: ["timeouts": ["request": "3s"]]),
            request: "GET /old HTTP/1.1\r\nHost: h.example\r\n\r\n")
        _ = try gateway.accept().sent()
        gateway.advance(.seconds(2))
        #expect(try client.sent().isEmpty)
        gateway.advance(.seconds(2))
        #expect(try client.sent().hasPrefix("HTTP/1.1 504 "))
    }

    @Test func `Each mirror gets its share of copies`() throws {
        let mirror: JSONValue = [
            "type": "RequestMirror",
            "requestMirror": ["backendRef": ["name": "a"], "fraction": ["numerator": 1, "denominator": 1]],
        ]
        let none: JSONValue = ["type": "RequestMirror", "requestMirror": ["backendRef": ["name": "a"], "percent": 0]]
        let (gateway, _) = try start(
            Self.rule(mirror, mirror, none), request: "GET /old HTTP/1.1\r\nHost: h.example\r\n\r\n")
        _ = try gateway.accept()
        #expect(gateway.connector.attempts.count == 3)
    }
}
