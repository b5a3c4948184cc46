import Activation
import Routing
import Synchronization
import Testing

@testable import Proxy

@Suite(.timeLimit(.minutes(1)))
struct GatewayLifecycleTests {
    private final class Flag: Sendable {
        let isSet = Atomic<Bool>(false)
    }

    struct NoSignal: WakeSignal {
        func wake(namespace: String, revision: String) {}
    }

    @Test
    func `A taken port is one error that names the port and the flag`() async throws {
        try await withGateway { gateway, _ in
            var configuration = GatewayConfiguration()
            configuration.port = gateway.port
            configuration.loops = 1
            let second = Gateway(configuration: configuration, wakeSignal: NoSignal())
            let error = await #expect(throws: GatewayStartError.self) { try await second.start() }
            #expect(
                error?.description
                    == "The gateway cannot listen on 127.0.0.1:\(gateway.port): another program has this port. "
                    + "Choose another one with --gateway-port.")
            await second.shutdown(grace: .zero)
        }
    }

    @Test
    func `A gateway that stops lets its requests end, and takes no more`() async throws {
        let server = try await FakeModelServer.start()
        try await withGateway { gateway, _ in
            gateway.serve([server])
            let idle = try await RawClient.connect(to: gateway.port)
            idle.get("/openai/v1/models")
            try await idle.expect("}]}")
            let busy = try await RawClient.connect(to: gateway.port)
            busy.get("/serving/default/m/x")
            let request = try await server.request()
            async let stopped: Void = gateway.shutdown(grace: .seconds(30))
            try await idle.expectClose()
            #expect(!busy.isClosed)
            request.send(FakeModelServer.ok())
            try await busy.expect("Connection: close\r\n\r\nok")
            try await busy.expectClose()
            await stopped
        }
        try await server.stop()
    }

    @Test
    func `When the grace is over, what still runs is cut`() async throws {
        let server = try await FakeModelServer.start()
        try await withGateway { gateway, _ in
            gateway.serve([server])
            let client = try await RawClient.connect(to: gateway.port)
            client.get("/serving/default/m/x")
            _ = try await server.request()
            await gateway.shutdown(grace: .milliseconds(10))
            try await client.expectClose()
            try await eventually("the server sees it") { server.closedConnections == 1 }
        }
        try await server.stop()
    }

    /// Pods come and go thirty times, each drained before it stops, while clients ask without a pause.
    @Test(arguments: [1, 2])
    func `No request fails while a model is woken and put to sleep again and again`(loops: Int) async throws {
        try await withGateway(loops: loops) { gateway, signal in
            gateway.swap(.single(ports: []))
            let isOver = Flag()
            let port = gateway.port
            try await withThrowingTaskGroup(of: Int.self) { group in
                for number in 0..<4 {
                    group.addTask { try await Self.ask(number, port: port) { isOver.isSet.load(ordering: .relaxed) } }
                }
                for round in 0..<30 { try await Self.liveAndDie(gateway, signal, round: round) }
                isOver.isSet.store(true, ordering: .relaxed)
                let last = try await FakeModelServer.start { _, request in FakeModelServer.ok(request.body) }
                gateway.swap(.single(ports: [last.port], round: 31))
                var answered = 0
                for try await count in group { answered += count }
                #expect(answered > 100)
                try await eventually("all are counted") { gateway.traffic[0].traffic.codes[200] == answered }
                #expect(gateway.traffic[0].traffic.codes == [200: answered])
                try await eventually("none is left") { gateway.traffic[0].concurrency.inFlight == 0 }
                #expect(gateway.traffic[0].waiting == 0)
                try await last.stop()
            }
        }
    }

    /// - Returns: How many requests were answered, each with its own body.
    private static func ask(_ number: Int, port: Int, until isOver: () -> Bool) async throws -> Int {
        var answered = 0
        var client = try await RawClient.connect(to: port)
        while !isOver() {
            if answered % 50 == 49 {
                client.close()
                client = try await RawClient.connect(to: port)
            }
            let body = "client \(number), request \(answered)"
            client.post("/serving/default/m/x", body: body)
            try await client.expect("\r\n\r\n\(body)")
            answered += 1
        }
        client.close()
        return answered
    }

    private static func liveAndDie(_ gateway: Gateway, _ signal: CountingWakeSignal, round: Int) async throws {
        let woken = signal.count
        try await eventually("it is woken in round \(round)") { signal.count > woken || gateway.traffic[0].waiting > 0 }
        let server = try await FakeModelServer.start { _, request in FakeModelServer.ok(request.body) }
        // A pod has a UID of its own, even at a port that another one had.
        gateway.swap(.single(ports: [server.port], round: round + 1))
        try await eventually("it serves") { server.requests.count >= 5 }
        // Half of the time the pod is drained before the table knows, half of the time after.
        if round % 2 == 0 { gateway.swap(.single(ports: [])) }
        await gateway.drain(podUID: "pod-\(server.port)-\(round + 1)")
        try await server.stop()
        if round % 2 == 1 { gateway.swap(.single(ports: [])) }
    }
}
