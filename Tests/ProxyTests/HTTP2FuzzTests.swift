import Activation
import Randomness
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

    private static func session(_ random: inout SeededRandom) -> [[UInt8]] {
        (0..<(1 + random.below(12))).map { _ in
            var bytes = (0..<(1 + random.below(3))).flatMap { _ in frame(&random).bytes }
            if random.below(8) == 0, !bytes.isEmpty { bytes[random.below(bytes.count)] = UInt8(random.below(256)) }
            return bytes
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
                if random.below(2) == 0 { client.close() } else { client.send(Frame.ping()) }
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
}
