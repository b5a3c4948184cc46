import Activation
import KubeModel
import NIOCore
import NIOEmbedded
import Testing

@testable import Proxy
@testable import Routing

/// What a route does beyond choosing revisions by weight: its fields, its tags, its shadow.
struct GatewayRouteTests {
    /// `default/m` at m-00001 on port 9000, with m-00002 on port 9001 (or asleep) without a share.
    private static func table(
        concurrency: Int = 0, isNextAsleep: Bool = false, change: (inout Routing.Route) -> Void
    ) -> RoutingTable {
        let revisions = [1, 2].map { number in
            let port = 8_999 + number
            let endpoint = Endpoint(podUID: "pod-\(port)", podName: "p", address: "127.0.0.1", port: port)
            return RoutedRevision(
                key: ObjectKey(namespace: "default", name: "m-0000\(number)"), uid: "\(number)",
                containerConcurrency: concurrency, endpoints: number == 2 && isNextAsleep ? [] : [endpoint])
        }
        var table = RoutingTable(
            revisions: revisions, services: [ObjectKey(namespace: "default", name: "m"): [(0, 100), (1, 0)]])
        for index in table.routes.indices { change(&table.routes[index]) }
        return table
    }

    private static func get(_ fields: String = "") -> String {
        "GET /x HTTP/1.1\r\nHost: m-default.localhost\r\n\(fields)\r\n"
    }

    private func start(_ table: RoutingTable, _ request: String) throws -> (EmbeddedGateway, EmbeddedChannel) {
        let gateway = EmbeddedGateway()
        gateway.swap(table)
        let client = try gateway.makeClient()
        try client.receive(request)
        return (gateway, client)
    }

    private static let isvc = "KServe-Isvc-Name: m\r\nKServe-Isvc-Namespace: default\r\n"

    @Test(arguments: [
        "GET /x HTTP/1.1\r\nHost: m-default.localhost\r\nKServe-Isvc-Name: evil\r\n\r\n",
        "GET /serving/default/m/x HTTP/1.1\r\nHost: h\r\nkserve-isvc-namespace: evil\r\n\r\n",
        "POST /openai/v1/completions HTTP/1.1\r\nHost: h\r\nContent-Length: 13\r\n\r\n{\"model\":\"m\"}",
    ])
    func `A server is told which service it answers for, and no client can say so`(request: String) throws {
        for split in [0, request.utf8.count - 5] {
            let (gateway, client) = try start(Self.table { $0.fields = Array(Self.isvc.utf8) }, "")
            try client.receive(request.utf8.prefix(split))
            try client.receive(request.utf8.dropFirst(split))
            let sent = try gateway.accept().sent()
            #expect(sent.contains("\r\n" + Self.isvc + "\r\n"), "\(sent)")
            #expect(!sent.contains("evil"))
            if request.hasPrefix("POST") { #expect(sent.hasSuffix("\r\n\r\n{\"model\":\"m\"}")) }
        }
    }

    @Test(arguments: [
        ("Knative-Serving-Tag: next\r\n", true, "pod-9001", false),
        ("Knative-Serving-Tag: none\r\n", true, "pod-9000", true),
        ("", true, "pod-9000", true), ("Knative-Serving-Tag: next\r\n", false, "pod-9000", false),
        ("Knative-Serving-Default-Route: true\r\n", false, "pod-9000", false),
    ])
    func `A tag in a field chooses its revision where that is switched on`(
        field: String, isOn: Bool, pod: String, isToldDefault: Bool
    ) throws {
        let table = Self.table { $0.tags = isOn ? [Route.Tag("next", revision: 1)] : [] }
        let (gateway, _) = try start(table, Self.get(field))
        #expect(gateway.registry.inFlight(podUID: pod) == 1)
        let sent = try gateway.accept().sent()
        #expect(sent.contains("Knative-Serving-Default-Route: true\r\n") == isToldDefault)
        #expect(!sent.contains("Knative-Serving-Tag"))
    }

    @Test(arguments: ["queue", "activator", "probe"])
    func `A network probe is answered here, and reaches no server`(word: String) throws {
        let (gateway, client) = try start(Self.table { _ in }, Self.get("K-Network-Probe: \(word)\r\n"))
        #expect(try client.sent().hasSuffix("\r\nContent-Length: \(word.utf8.count)\r\n\r\n\(word)"))
        #expect(gateway.connector.attempts.isEmpty)
        #expect(gateway.traffic?.concurrency.requests == 0)
    }

    @Test
    func `What is no probe is an ordinary request, without that field`() throws {
        let (gateway, _) = try start(Self.table { _ in }, Self.get("K-Network-Probe: forged\r\n"))
        #expect(!(try gateway.accept().sent()).contains("forged"))
    }

    // MARK: Shadow traffic

    private func shadow(_ percent: Int = 100) -> (inout Routing.Route) -> Void {
        { $0.shadows = [Route.Shadow(revision: 1, share: percent)] }
    }

    private func next(_ gateway: EmbeddedGateway) throws -> RevisionTraffic {
        try #require(gateway.registry.read(at: gateway.worker.now).last)
    }

    @Test
    func `A copy goes to the shadow, and its answer nowhere`() throws {
        let body = "{\"model\":\"m\"}"
        let request =
            "POST /openai/v1/completions HTTP/1.1\r\nHost: h\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)"
        let (gateway, client) = try start(Self.table(change: shadow()), request)
        let own = try gateway.accept(0)
        #expect(gateway.connector.attempts.count == 2)
        let copy = try gateway.accept(1)
        #expect(try copy.sent() == own.sent())
        try copy.receive(FakeModelServer.ok("of the shadow"))
        #expect(try client.sent().isEmpty)
        try own.receive(FakeModelServer.ok("own"))
        #expect(try client.sent().hasSuffix("\r\n\r\nown"))
        #expect(gateway.traffic?.traffic.codes == [200: 1])
        let shadow = try next(gateway)
        #expect(shadow.traffic.codes == [:])
        #expect(shadow.shadow.codes == [200: 1])
        #expect(shadow.concurrency.inFlight == 0)
        #expect(shadow.concurrency.requests == 1)
        #expect(gateway.worker.shadows == 0)
        #expect(gateway.worker.connections.count == 1)
        #expect(gateway.registry.inFlight(podUID: "pod-9001") == 0)
    }

    @Test
    func `A shadow that is asleep is not woken, and the copy is dropped`() throws {
        let (gateway, client) = try start(Self.table(isNextAsleep: true, change: shadow()), Self.get())
        try gateway.accept().receive(FakeModelServer.ok())
        #expect(try client.sent().hasSuffix("ok"))
        #expect(gateway.signal.count == 0)
        let shadow = try next(gateway)
        #expect(shadow.shadow.drops == 1)
        #expect(shadow.waiting == 0)
        #expect(shadow.concurrency.inFlight == 0)
        #expect(gateway.worker.shadows == 0)
    }

    @Test
    func `A shadow that is busy or hangs delays nobody, and ends by the limits of time`() throws {
        let (gateway, client) = try start(Self.table(concurrency: 1, change: shadow()), Self.get())
        let own = try gateway.accept(0)
        _ = try gateway.accept(1)
        for _ in 0..<3 {
            try own.receive(FakeModelServer.ok())
            #expect(try client.sent().hasSuffix("ok"))
            try client.receive(Self.get())
        }
        #expect(try next(gateway).shadow.drops == 3)
        #expect(gateway.worker.shadows == 1)
        gateway.advance(.seconds(301))
        #expect(gateway.worker.shadows == 0)
        #expect(try next(gateway).shadow.codes == [504: 1])
        #expect(gateway.registry.inFlight(podUID: "pod-9001") == 0)
    }

    @Test
    func `A shadow that cannot be connected to is given up`() throws {
        let (gateway, _) = try start(Self.table(change: shadow()), Self.get())
        _ = try gateway.accept(0)
        gateway.refuse(1)
        #expect(gateway.worker.shadows == 0)
        #expect(try next(gateway).concurrency.inFlight == 0)
        #expect(try next(gateway).shadow.drops == 1)
    }

    @Test
    func `A gateway that stops ends copies, too`() throws {
        let (gateway, _) = try start(Self.table(change: shadow()), Self.get())
        _ = try gateway.accept(0)
        _ = try gateway.accept(1)
        gateway.worker.abort()
        #expect(gateway.worker.shadows == 0)
        #expect(gateway.worker.connections.isEmpty)
    }

    @Test(arguments: [1, 10, 50, 99])
    func `Of ten thousand requests as many are copied as it says`(percent: Int) {
        let gateway = EmbeddedGateway()
        let copied = (0..<10_000).count { _ in gateway.worker.isShadowed(Route.Shadow(revision: 1, share: percent)) }
        #expect(abs(copied - percent * 100) <= 10, "\(copied)")
    }
}
