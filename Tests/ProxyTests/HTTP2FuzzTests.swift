import Activation
import NIOCore
import NIOPosix
import Randomness
import Synchronization
import Testing

@testable import Proxy

/// Frames in any order, whole and broken, by clients that may leave at any moment: the gateway lives, nothing of them is
/// left, and others are served. The seed is in every failure.
struct HTTP2FuzzTests {
    typealias Frame = RawHTTP2Client.Frame

    private static let call =
        [(":method", "POST"), (":scheme", "http"), (":path", "/s.S/Call"), (":authority", Frame.host)]
        + [("content-type", "application/grpc"), ("te", "trailers")]

    private static func frame(_ random: inout SeededRandom) -> Frame {
        let stream = UInt32(2 * random.below(4) + 1)
        switch random.below(12) {
        case 0, 1: return .headers(stream)
        case 2: return .headers(stream, Frame.post, ends: false)
        case 3: return .headers(stream, call, ends: false)
        case 4, 5: return .data(stream, String(repeating: "x", count: random.below(2_000)), ends: random.below(2) == 0)
        case 6: return .reset(stream)
        case 7: return .window(random.below(2) == 0 ? 0 : stream, UInt32(random.below(100_000)))
        case 8: return .settings([(4, UInt32(random.below(70_000)))])
        case 9: return .headers(stream, [("x-end", "1")])
        case 10: return .headers(stream, Frame.post + [("content-length", "\(random.below(50))")], ends: false)
        default:
            let payload = (0..<random.below(40)).map { _ in UInt8(random.below(256)) }
            return Frame(
                type: UInt8(random.below(11)), flags: UInt8(random.below(64)), stream: UInt32(random.below(9)),
                payload: payload)
        }
    }

    /// Lengths stay as they are: what follows would else be taken for the rest of a frame.
    private static func session(_ random: inout SeededRandom) -> [[UInt8]] {
        (0..<(1 + random.below(12))).map { _ in
            var bytes = frame(&random).bytes
            if random.below(8) == 0 { bytes[3 + random.below(bytes.count - 3)] = UInt8(random.below(256)) }
            return bytes + (0..<random.below(3)).flatMap { _ in frame(&random).bytes }
        }
    }

    @Test(arguments: [false, true])
    func `Whatever clients send, nothing of them is left and others are served`(toHTTP2: Bool) async throws {
        var random = SeededRandom()
        let seed = random.seed
        let plain = try await FakeModelServer.start { _, _ in FakeModelServer.ok() }
        let server = try await FakeHTTP2Server.start()
        try await withGateway { gateway, _ in
            gateway.swap(toHTTP2 ? .speakingHTTP2(at: server.port) : .single(ports: [plain.port]))
            for _ in 0..<FuzzRun.iterations(150) {
                let client = try await RawHTTP2Client.connect(to: gateway.port)
                for piece in Self.session(&random) {
                    client.send(piece)
                    if random.below(3) == 0 { await Task.yield() }
                }
                if random.below(2) == 0 {
                    // All of it is looked at before the client leaves.
                    client.send(Frame.ping("the end."))
                    try await eventually("seed \(seed): an end") {
                        client.isClosed || client.frames.contains { $0.type == 6 && $0.flags == 1 || $0.type == 7 }
                    }
                }
                if random.below(4) == 0 { for request in server.requests { request.send(.text("x", ends: true)) } }
                client.close()
            }
            try await eventually("nothing is left of seed \(seed)") {
                gateway.traffic.first?.concurrency.inFlight == 0 && gateway.traffic.first?.waiting == 0
            }
            gateway.serve([plain])
            let good = try await RawHTTP2Client.connect(to: gateway.port)
            good.send(.headers())
            let answer = try await good.complete()
            #expect(answer.body == "ok", "seed \(seed)")
        }
        try await plain.stop()
        try await server.stop()
    }

    /// A server that answers whatever it reads with frames in any order.
    private final class Babbler: ChannelInboundHandler, Sendable {
        typealias InboundIn = ByteBuffer
        typealias OutboundOut = ByteBuffer
        private let random: Mutex<SeededRandom>

        init(seed: UInt64) { random = Mutex(SeededRandom(seed: seed)) }

        func channelActive(context: ChannelHandlerContext) { send([Frame.settings([]).bytes], context) }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            let (pieces, leaves) = random.withLock { random in
                (HTTP2FuzzTests.answers(&random), random.below(6) == 0)
            }
            send(pieces, context)
            if leaves { context.close(promise: nil) }
        }

        func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

        private func send(_ pieces: [[UInt8]], _ context: ChannelHandlerContext) {
            for piece in pieces { context.writeAndFlush(wrapOutboundOut(ByteBuffer(bytes: piece)), promise: nil) }
        }
    }

    private static func answers(_ random: inout SeededRandom) -> [[UInt8]] {
        (0..<random.below(5)).map { _ in
            let stream = UInt32(2 * random.below(3) + 1)
            let status = random.one(of: ["100", "200", "204", "503", "99", "x"])
            switch random.below(4) {
            case 0:
                return Frame.headers(stream, [(":status", status), ("x", "y")], ends: random.below(2) == 0).bytes
            case 1: return Frame.headers(stream, [("grpc-status", "0")]).bytes
            default: return frame(&random).bytes
            }
        }
    }

    @Test
    func `Whatever a server answers, each request ends and nothing of it is left`() async throws {
        var random = SeededRandom()
        let seed = random.seed
        for _ in 0..<FuzzRun.iterations(40) {
            let babbler = Babbler(seed: random.next())
            let server = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
                .childChannelInitializer { $0.pipeline.addHandler(babbler) }
                .bind(host: "127.0.0.1", port: 0).get()
            try await withGateway(limits: { limits in
                (limits.firstByte, limits.betweenBytes) = (.milliseconds(50), .milliseconds(50))
                (limits.tick, limits.unreachable) = (.milliseconds(10), .milliseconds(50))
            }) { gateway, _ in
                gateway.swap(.speakingHTTP2(at: server.localAddress?.port ?? 0))
                let old = try await RawClient.connect(to: gateway.port)
                old.send("GET /x HTTP/1.1\r\nHost: \(Frame.host)\r\nConnection: close\r\n\r\n")
                let new = try await RawHTTP2Client.connect(to: gateway.port)
                new.send(.headers(1, Self.call, ends: false), .data(1, "x"), .headers(3))
                try await eventually("seed \(seed): every request ends") {
                    old.isClosed && [1, 3].allSatisfy { new.answer($0).isComplete || new.answer($0).resetCode != nil }
                }
                try await eventually("seed \(seed): nothing is left") {
                    gateway.traffic.first?.concurrency.inFlight == 0
                }
                new.close()
            }
            try await server.close()
        }
    }
}
