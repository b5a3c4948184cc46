import Testing

@testable import Proxy

@Suite(.timeLimit(.minutes(1)))
struct GatewayRoutingTests {
    @Test(arguments: [
        (
            "POST", "/v1/x?q=1", "m-default.localhost:8080",
            "POST /v1/x?q=1 HTTP/1.1\r\nHost: m-default.localhost:8080\r\n"
        ),
        ("POST", "/serving/default/m/v1/x?q=1", "localhost", "POST /v1/x?q=1 HTTP/1.1\r\nHost: localhost\r\n"),
        ("GET", "/serving/default/m", "localhost", "GET / HTTP/1.1\r\nHost: localhost\r\n"),
        ("GET", "/a/./b/../c%7e%2f", "M-DEFAULT.localhost", "GET /a/c~%2F HTTP/1.1\r\nHost: M-DEFAULT.localhost\r\n"),
    ])
    func `A request reaches its server by host and by path`(
        method: String, path: String, host: String, expected: String
    ) async throws {
        let server = try await FakeModelServer.start { _, _ in FakeModelServer.ok() }
        try await withGateway { gateway, _ in
            gateway.serve([server])
            let client = try await RawClient.connect(to: gateway.port)
            client.send("\(method) \(path) HTTP/1.1\r\nHost: \(host)\r\nX-A: 1\r\nContent-Length: 2\r\n\r\nhi")
            try await client.expect("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
            let request = try await server.request()
            #expect(request.head.hasPrefix(expected))
            #expect(request.body == "hi")
        }
        try await server.stop()
    }

    @Test
    func `An OpenAI request is routed by its model`() async throws {
        let server = try await FakeModelServer.start { _, _ in FakeModelServer.ok() }
        try await withGateway { gateway, _ in
            gateway.serve([server])
            let client = try await RawClient.connect(to: gateway.port)
            let body = "{\"messages\":[{\"content\":\"\\\"model\\\": {\"}],\"model\":\"m\"}"
            client.post("/openai/v1/chat/completions", body: body)
            try await client.expect("\r\n\r\nok")
            let request = try await server.request()
            #expect(request.head.hasPrefix("POST /v1/chat/completions HTTP/1.1\r\n"))
            #expect(request.body == body)
            client.post("/openai/v1/embeddings", body: "{\"model\":\"default/m\"}")
            #expect(try await server.request(1).head.hasPrefix("POST /v1/embeddings HTTP/1.1\r\n"))
            #expect(server.connections == 1)
        }
        try await server.stop()
    }

    @Test
    func `An unknown model is told which ones exist, and the connection lives on`() async throws {
        try await withGateway { gateway, _ in
            gateway.swap(.single(ports: []))
            let client = try await RawClient.connect(to: gateway.port)
            client.post("/openai/v1/completions", body: "{\"model\":\"nope\"}")
            try await client.expect("}}")
            #expect(client.text.hasPrefix("HTTP/1.1 404 Not Found\r\nContent-Type: application/json\r\n"))
            #expect(
                client.text.hasSuffix(
                    "{\"error\":{\"message\":\"The model `nope` does not exist. The models that exist: m.\","
                        + "\"type\":\"invalid_request_error\",\"param\":\"model\",\"code\":\"model_not_found\"}}"))
            client.get("/openai/v1/models")
            try await client.expect(
                "{\"object\":\"list\",\"data\":[{\"id\":\"m\",\"object\":\"model\",\"created\":0,\"owned_by\":\"default\"}]}"
            )
            client.get("/openai/v1/models/m")
            try await client.expect(
                "\r\n\r\n{\"id\":\"m\",\"object\":\"model\",\"created\":0,\"owned_by\":\"default\"}")
            #expect(!client.isClosed)
        }
    }
}
