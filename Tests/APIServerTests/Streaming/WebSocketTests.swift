import Randomness
import Testing

@testable import APIServer

@Suite("WebSocket")
struct WebSocketTests {
    @Test("the key of RFC 6455 is accepted as there")
    func accept() {
        #expect(Upgrade.accept("dGhlIHNhbXBsZSBub25jZQ==") == "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=")
    }

    @Test("messages are read however they are cut", arguments: [1, 2, 5, 6, 7, 100_000])
    func messages(size: Int) throws {
        let bytes =
            client(2, [0, 1, 2]) + client(9, [7]) + client(2, Array(repeating: 5, count: 300), isFinal: false)
            + client(10, []) + client(0, Array(repeating: 6, count: 70_000)) + client(1, []) + client(8, [3, 232])
        var decoder = WebSocketDecoder()
        var messages: [[UInt8]] = []
        var others: [WebSocketDecoder.Event] = []
        for start in stride(from: 0, to: bytes.count, by: size) {
            decoder.feed(Array(bytes[start..<min(start + size, bytes.count)]))
            while let event = try decoder.next() {
                guard case .piece(let piece, let isFirst, _) = event else {
                    others.append(event)
                    continue
                }
                if isFirst { messages.append([]) }
                messages[messages.count - 1] += piece
            }
        }
        let long = Array(repeating: UInt8(5), count: 300) + Array(repeating: 6, count: 70_000)
        #expect(messages == [[0, 1, 2], long, []])
        #expect(others == [.ping([7]), .pong, .close])
    }

    @Test(
        "what a client must not send is refused",
        arguments: [
            [0x82, 1, 65], [0xf2, 0x81, 0, 0, 0, 0, 1], [0x83, 0x80, 0, 0, 0, 0], [0x80, 0x80, 0, 0, 0, 0],
            [0x09, 0x80, 0, 0, 0, 0], [0x89, 0xfe, 0, 200, 0, 0, 0, 0],
            [0x82, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0],
            [0x02, 0x80, 0, 0, 0, 0, 0x82, 0x80, 0, 0, 0, 0],
        ] as [[UInt8]])
    func violations(bytes: [UInt8]) {
        var decoder = WebSocketDecoder()
        decoder.feed(bytes)
        #expect(throws: WebSocketViolation.self) { while try decoder.next() != nil {} }
    }

    @Test(
        "a server's frames have the lengths of RFC 6455",
        arguments: [(0, 2), (125, 2), (126, 4), (65_535, 4), (65_536, 10)])
    func frames(length: Int, header: Int) {
        let frame = WebSocketFrame.bytes(.binary, [UInt8](repeating: 1, count: length))
        #expect(frame.count == length + header)
        #expect(frame[0] == 0x82)
    }

    @Test("any bytes are read or refused")
    func fuzz() {
        var random = SeededRandom()
        for _ in 0..<FuzzRun.iterations(20_000) {
            var bytes = client(2, [0, 1, 2]) + client(9, [7]) + client(8, [])
            for _ in 0..<Int.random(in: 0..<6, using: &random) {
                bytes[Int.random(in: bytes.indices, using: &random)] = UInt8.random(in: 0...255, using: &random)
            }
            var decoder = WebSocketDecoder()
            decoder.feed(bytes)
            var given = 0
            while let event = try? decoder.next() {
                given += 1
                if case .piece(let piece, _, _) = event { given += piece.count }
            }
            #expect(given <= bytes.count, "seed \(random.seed)")
        }
    }

    /// A frame as a client sends it: masked.
    private func client(_ opcode: UInt8, _ payload: [UInt8], isFinal: Bool = true) -> [UInt8] {
        let mask: [UInt8] = [0x11, 0x22, 0x33, 0x44]
        var frame: [UInt8] = [(isFinal ? 0x80 : 0) | opcode]
        switch payload.count {
        case ..<126: frame.append(0x80 | UInt8(payload.count))
        case ..<65_536: frame += [0x80 | 126, UInt8(payload.count >> 8), UInt8(payload.count & 0xff)]
        default: frame += [0x80 | 127] + (0..<8).reversed().map { UInt8(truncatingIfNeeded: payload.count >> ($0 * 8)) }
        }
        return frame + mask + payload.enumerated().map { $0.element ^ mask[$0.offset & 3] }
    }
}
