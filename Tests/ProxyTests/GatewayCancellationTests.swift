import Activation
import Testing

@testable import Proxy

@Suite(.timeLimit(.minutes(1)))
struct GatewayCancellationTests {
    enum Moment: CaseIterable {
        case midRequest, beforeFirstByte, midHead, midStream
    }

    @Test(arguments: Moment.allCases)
    func `A client that leaves takes its request away from the model server`(moment: Moment) async throws {
        let server = try await FakeModelServer.start()
        try await withGateway { gateway, _ in
            gateway.serve([server])
            let client = try await RawClient.connect(to: gateway.port)
            if moment == .midRequest {
                client.send("POST /serving/default/m/x HTTP/1.1\r\nHost: h\r\nContent-Length: 9\r\n\r\nhalf")
                try await eventually("the server is connected") { server.connections == 1 }
            } else {
                client.get("/serving/default/m/x")
                let request = try await server.request()
                if moment == .midHead { request.send("HTTP/1.1 200") }
                if moment == .midStream {
                    request.send("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf")
                    try await client.expect("half")
                }
            }
            client.close()
            try await eventually("the server sees it") { server.closedConnections == 1 }
            try await eventually("it is counted") { gateway.traffic.first?.traffic.codes == [499: 1] }
            try await eventually("its place is free") { gateway.inFlight(podUID: "pod-\(server.port)") == 0 }
            try await eventually("it has left") { gateway.traffic[0].concurrency.inFlight == 0 }
        }
        try await server.stop()
    }

    @Test
    func `A connection that a server closes while it is idle costs no request`() async throws {
        let server = try await FakeModelServer.start { number, request in
            // The second request meets a server that closes just then, without a byte of an answer.
            if number == 1 { request.close() }
            return number == 1 ? nil : FakeModelServer.ok("\(number)")
        }
        try await withGateway { gateway, _ in
            gateway.serve([server])
            let client = try await RawClient.connect(to: gateway.port)
            client.post("/serving/default/m/x", body: "hi")
            try await client.expect("\r\n\r\n0")
            client.post("/serving/default/m/x", body: "hi")
            try await client.expect("\r\n\r\n2")
            #expect(server.requests[2].body == "hi")
            #expect(server.connections == 2)
            #expect(gateway.traffic.first?.traffic.retries == 1)
        }
        try await server.stop()
    }

    @Test
    func `A request that breaks its server gets one more try, not every server`() async throws {
        let server = try await FakeModelServer.start { _, request in
            request.close()
            return nil
        }
        try await withGateway { gateway, _ in
            gateway.serve([server])
            let client = try await RawClient.connect(to: gateway.port)
            client.post("/serving/default/m/x", body: "hi")
            try await client.expect("\"code\":\"bad_gateway\"}}")
            #expect(client.text.hasPrefix("HTTP/1.1 502 Bad Gateway\r\n"))
            #expect(server.requests.count == 2)
        }
        try await server.stop()
    }

    @Test
    func `A request whose server is gone waits for the next one`() async throws {
        let gone = try await FakeModelServer.start()
        let port = gone.port
        try await gone.stop()
        let server = try await FakeModelServer.start { _, _ in FakeModelServer.ok() }
        try await withGateway { gateway, _ in
            gateway.swap(.single(ports: [port]))
            let client = try await RawClient.connect(to: gateway.port)
            client.post("/serving/default/m/x", body: "hi")
            try await eventually("it waits") { gateway.traffic.first?.waiting == 1 }
            gateway.serve([server])
            try await client.expect("\r\n\r\nok")
        }
        try await server.stop()
    }

    @Test
    func `An endpoint that cannot be reached at all ends in 502`() async throws {
        let gone = try await FakeModelServer.start()
        let port = gone.port
        try await gone.stop()
        try await withGateway(limits: { $0.unreachable = .milliseconds(1) }) { gateway, _ in
            gateway.swap(.single(ports: [port]))
            let client = try await RawClient.connect(to: gateway.port)
            client.get("/serving/default/m/x")
            try await client.expect(
                "could not be connected to.\",\"type\":\"server_error\",\"param\":null,\"code\":\"bad_gateway\"}}")
        }
    }

    @Test
    func `A pod is drained before it stops: it keeps its requests and gets no more`() async throws {
        let old = try await FakeModelServer.start()
        let new = try await FakeModelServer.start { _, _ in FakeModelServer.ok("new") }
        try await withGateway { gateway, signal in
            gateway.serve([old])
            let first = try await RawClient.connect(to: gateway.port)
            first.get("/serving/default/m/x")
            let request = try await old.request()
            let uid = "pod-\(old.port)"
            #expect(gateway.inFlight(podUID: uid) == 1)
            async let drained: Void = gateway.drain(podUID: uid)
            let second = try await RawClient.connect(to: gateway.port)
            second.get("/serving/default/m/x")
            try await eventually("it waits") { gateway.traffic.first?.waiting == 1 }
            // A table that was made before does not bring it back.
            gateway.serve([old])
            request.send(FakeModelServer.ok("old"))
            try await first.expect("\r\n\r\nold")
            await drained
            #expect(gateway.inFlight(podUID: uid) == 0)
            gateway.serve([new])
            try await second.expect("\r\n\r\nnew")
            #expect(old.requests.count == 1)
        }
        try await old.stop()
        try await new.stop()
    }
}
