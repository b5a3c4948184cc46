import Activation
import Testing

@testable import Proxy

@Suite(.timeLimit(.minutes(1)))
struct GatewayWakeTests {
    @Test(arguments: [1, 2])
    func `A hundred requests at once wake a model once, and are all answered`(loops: Int) async throws {
        let server = try await FakeModelServer.start { _, request in FakeModelServer.ok(request.body) }
        try await withGateway(loops: loops, limits: { $0.tick = .seconds(60) }) { gateway, signal in
            gateway.swap(.single(ports: []))
            var clients: [RawClient] = []
            for number in 0..<100 {
                let client = try await RawClient.connect(to: gateway.port)
                client.post("/serving/default/m/x", body: "request \(number)")
                clients.append(client)
            }
            try await eventually("all wait") { gateway.traffic.first?.waiting == 100 }
            #expect(signal.count == 1)
            #expect(signal.last == "default/m-00001")
            #expect(gateway.traffic.first?.concurrency.inFlight == 100)
            gateway.serve([server])
            for (number, client) in clients.enumerated() { try await client.expect("\r\n\r\nrequest \(number)") }
            #expect(clients[0].text.contains("Server-Timing: wait;dur="))
            try await eventually("all are counted") { gateway.traffic[0].concurrency.inFlight == 0 }
            let traffic = gateway.traffic[0]
            #expect(traffic.waiting == 0)
            #expect(traffic.concurrency.inFlight == 0)
            #expect(traffic.concurrency.requests == 100)
            #expect(traffic.traffic.codes == [200: 100])
            #expect(traffic.traffic.coldStarts == 100)
            #expect(traffic.traffic.wait.count == 100)
        }
        try await server.stop()
    }

    @Test
    func `Requests that wait for a revision whose place another one has taken go there`() async throws {
        let server = try await FakeModelServer.start { _, request in FakeModelServer.ok(request.body) }
        try await withGateway { gateway, _ in
            gateway.swap(.replaced(isReplaced: false, ports: []))
            let client = try await RawClient.connect(to: gateway.port)
            client.post("/serving/default/m/x", body: "hi")
            try await eventually("it waits") { gateway.traffic.first?.waiting == 1 }
            // The new one is starting, the route still leads to the old one: it stays where it is.
            gateway.swap(.replaced(isReplaced: false, ports: [server.port]))
            #expect(gateway.traffic.first?.waiting == 1)
            gateway.swap(.replaced(isReplaced: true, ports: [server.port]))
            try await client.expect("\r\n\r\nhi")
            #expect(gateway.traffic.map(\.waiting) == [0, 0])
        }
        try await server.stop()
    }

    @Test
    func `A client that leaves while it waits gives up its place at once`() async throws {
        try await withGateway { gateway, _ in
            gateway.swap(.single(ports: []))
            let client = try await RawClient.connect(to: gateway.port)
            client.post("/serving/default/m/x", body: "hi")
            try await eventually("it waits") { gateway.traffic.first?.waiting == 1 }
            client.close()
            try await eventually("its place is free") { gateway.traffic.first?.waiting == 0 }
            try await eventually("it is counted") { gateway.traffic.first?.traffic.codes == [499: 1] }
            try await eventually("it has left") { gateway.traffic[0].concurrency.inFlight == 0 }
        }
    }

    @Test
    func `A full queue answers 503 and when to try again`() async throws {
        try await withGateway(limits: { $0.queue.requests = 1 }) { gateway, _ in
            gateway.swap(.single(ports: []))
            let first = try await RawClient.connect(to: gateway.port)
            first.get("/serving/default/m/x")
            try await eventually("it waits") { gateway.traffic.first?.waiting == 1 }
            let second = try await RawClient.connect(to: gateway.port)
            second.get("/serving/default/m/x")
            try await second.expect("\"code\":\"queue_full\"}}")
            #expect(second.text.hasPrefix("HTTP/1.1 503 Service Unavailable\r\n"))
            #expect(second.text.contains("\r\nRetry-After: 1\r\n"))
        }
    }

    @Test
    func `A model that does not start in time ends in 503, and is woken again meanwhile`() async throws {
        try await withGateway(limits: {
            $0.activation = .milliseconds(50)
            $0.tick = .milliseconds(10)
        }) { gateway, signal in
            gateway.swap(.single(ports: []))
            let client = try await RawClient.connect(to: gateway.port)
            client.get("/serving/default/m/x")
            try await client.expect("\"expected_seconds\":null,\"waited_seconds\":0}")
            #expect(client.text.contains("\"code\":\"model_start_timeout\"}"))
            #expect(client.text.hasPrefix("HTTP/1.1 503 Service Unavailable\r\n"))
            #expect(signal.count > 1)
        }
    }

    @Test
    func `A request that waits for a revision that is deleted follows its service`() async throws {
        let server = try await FakeModelServer.start { _, _ in FakeModelServer.ok("new") }
        try await withGateway { gateway, _ in
            gateway.swap(.single(ports: []))
            let client = try await RawClient.connect(to: gateway.port)
            client.get("/serving/default/m/x")
            try await eventually("it waits") { gateway.traffic.first?.waiting == 1 }
            gateway.swap(.single(ports: [server.port], revision: "m-00002"))
            try await client.expect("\r\n\r\nnew")
        }
        try await server.stop()
    }

    @Test
    func `An endpoint is never given more requests than its container takes`() async throws {
        let server = try await FakeModelServer.start()
        try await withGateway(loops: 2) { gateway, _ in
            gateway.serve([server], concurrency: 2)
            var clients: [RawClient] = []
            for _ in 0..<6 {
                let client = try await RawClient.connect(to: gateway.port)
                client.get("/serving/default/m/x")
                clients.append(client)
            }
            for answered in 0..<6 {
                _ = try await server.request(min(answered + 1, 5))
                #expect(server.requests.count == min(answered + 2, 6))
                #expect(gateway.inFlight(podUID: "pod-\(server.port)") <= 2)
                server.requests[answered].send(FakeModelServer.ok())
                try await eventually("it is answered") { clients.count { !$0.text.isEmpty } == answered + 1 }
            }
        }
        try await server.stop()
    }
}
