import NIOCore
import NIOEmbedded
import Testing

@testable import Proxy

/// Reading stops on one side while the other cannot be written to.
struct BackPressureTests {
    /// Stands where the socket would be, and counts how often it is to be read.
    private final class Reads: ChannelOutboundHandler {
        typealias OutboundIn = ByteBuffer
        var count = 0

        func read(context: ChannelHandlerContext) {
            count += 1
            context.read()
        }
    }

    private static func watchReads(of channel: EmbeddedChannel) throws -> Reads {
        let reads = Reads()
        try channel.pipeline.syncOperations.addHandler(reads, position: .first)
        return reads
    }

    private static func setWritable(_ channel: EmbeddedChannel, _ isWritable: Bool) {
        channel.isWritable = isWritable
        channel.pipeline.fireChannelWritabilityChanged()
    }

    private let gateway = EmbeddedGateway()
    private let client: EmbeddedChannel

    init() throws {
        gateway.swap(.single(ports: [9_000]))
        client = try gateway.makeClient()
    }

    @Test
    func `A server is not read while its client cannot take more`() throws {
        try client.receive("GET /x HTTP/1.1\r\nHost: m-default.localhost\r\n\r\n")
        let upstream = try gateway.accept()
        let reads = try Self.watchReads(of: upstream)
        try upstream.receive("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\na")
        upstream.read()
        #expect(reads.count == 1)
        Self.setWritable(client, false)
        upstream.read()
        upstream.read()
        #expect(reads.count == 1)
        Self.setWritable(client, true)
        #expect(reads.count == 2)
    }

    @Test
    func `A client is not read while its server cannot take more`() throws {
        try client.receive("POST /x HTTP/1.1\r\nHost: m-default.localhost\r\nContent-Length: 9\r\n\r\na")
        let reads = try Self.watchReads(of: client)
        let upstream = try gateway.accept()
        Self.setWritable(upstream, false)
        client.read()
        #expect(reads.count == 0)
        Self.setWritable(upstream, true)
        #expect(reads.count == 1)
        client.read()
        #expect(reads.count == 2)
    }

    @Test
    func `A client that waits is read ahead a little, and no more`() throws {
        gateway.swap(.single(ports: []))
        try client.receive("POST /x HTTP/1.1\r\nHost: m-default.localhost\r\nContent-Length: 999999\r\n\r\n")
        let reads = try Self.watchReads(of: client)
        client.read()
        #expect(reads.count == 1)
        try client.receive(String(repeating: "a", count: 64 << 10))
        client.read()
        #expect(reads.count == 1)
        gateway.swap(.single(ports: [9_000]))
        #expect(reads.count == 1, "there is no server yet to pass it on to")
        let upstream = try gateway.accept()
        #expect(reads.count == 2)
        #expect(try upstream.sent().utf8.count > 64 << 10)
    }

    @Test
    func `Requests that follow are read ahead a little, and no more`() throws {
        let request =
            "GET /x HTTP/1.1\r\nHost: m-default.localhost\r\nX: \(String(repeating: "a", count: 10_000))\r\n\r\n"
        try client.receive(request)
        let upstream = try gateway.accept()
        let reads = try Self.watchReads(of: client)
        for _ in 0..<7 { try client.receive(request) }
        client.read()
        #expect(reads.count == 0)
        try upstream.receive(FakeModelServer.ok())
        #expect(reads.count == 1)
    }
}
