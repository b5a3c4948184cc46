import NIOCore
import NIOEmbedded
import Testing

@testable import Proxy

struct ProxyHeaderTests {
    struct Example: Sendable {
        var bytes: [UInt8]
        var outcome: ProxyHeader.Outcome

        init(_ bytes: [UInt8], _ outcome: ProxyHeader.Outcome) { (self.bytes, self.outcome) = (bytes, outcome) }
    }

    /// The signature, and what follows it.
    private static func header(_ rest: [UInt8]) -> [UInt8] {
        let signature: [UInt8] = [13, 10, 13, 10, 0, 13, 10, 81, 85, 73, 84, 10]
        return signature + rest
    }

    private static let v4 = header([0x21, 0x11, 0, 12, 203, 0, 113, 9, 127, 0, 0, 1, 0x30, 0x39, 0, 80])
    private static let v6 = header(
        [0x21, 0x21, 0, 36, 0x20, 1, 0x0D, 0xB8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]
            + [UInt8](repeating: 0, count: 16) + [1, 2, 3, 4])
    /// What follows the addresses is skipped.
    private static let v4WithMore = header([
        0x21, 0x11, 0, 15, 203, 0, 113, 9, 127, 0, 0, 1, 0x30, 0x39, 0, 80, 4, 0, 0,
    ])

    static let examples: [Example] = [
        Example(v4, .complete(length: 28, source: "203.0.113.9")),
        Example(v6, .complete(length: 52, source: "2001:db8::1")),
        Example(v4WithMore, .complete(length: 31, source: "203.0.113.9")),
        // LOCAL, and a family without addresses.
        Example(header([0x20, 0, 0, 0]), .complete(length: 16, source: nil)),
        Example(header([0x21, 0, 0, 3, 1, 2, 3]), .complete(length: 19, source: nil)),
        Example(Array(v4.prefix(20)), .incomplete),
        Example([13, 10], .incomplete),
        Example([], .incomplete),
        Example(Array("GET / HTTP/1.1\r\n".utf8), .malformed),
        Example(Array("PROXY TCP4 1.2.3.4 1.2.3.4 1 2\r\n".utf8), .malformed),
        Example(header([0x11, 0x11, 0, 12]), .malformed),
        Example(header([0x22, 0x11, 0, 12]), .malformed),
        Example(header([0x21, 0x11, 0xFF, 0xFF]), .malformed),
        Example(header([0x21, 0x11, 0, 2, 1, 2]), .malformed),
    ]

    @Test(arguments: examples)
    func `A header says whom the connection is from`(_ example: Example) {
        #expect(ProxyHeader.parse(ByteBuffer(bytes: example.bytes)) == example.outcome)
    }

    @Test
    func `The client that it names is the one that the server hears of`() async throws {
        let server = try await FakeModelServer.start { _, _ in FakeModelServer.ok() }
        try await withGateway(configuration: { $0.takesProxyHeader = true }) { gateway, _ in
            gateway.serve([server])
            let client = try await RawClient.connect(to: gateway.port)
            client.send(bytes: Self.v4.prefix(20))
            client.send(
                bytes: Array(Self.v4.dropFirst(20)) + Array("GET / HTTP/1.1\r\nHost: m-default.localhost\r\n\r\n".utf8))
            try await client.expect("\r\n\r\nok")
            let head = try await server.request().head
            #expect(head.contains("\r\nX-Forwarded-For: 203.0.113.9\r\n"))
            let plain = try await RawClient.connect(to: gateway.port)
            plain.get("/", host: "m-default.localhost")
            try await plain.expectClose()
            #expect(plain.text.isEmpty)
        }
        try await server.stop()
    }
}
