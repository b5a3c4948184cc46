import Randomness
import Testing

@testable import APIServer

@Suite("SPDY/3.1")
struct SPDYTests {
    /// Two blocks of one stream, deflated by Python's zlib against the dictionary.
    static let blocks = [
        "78f9e3c6a7c202253a703a2b294a4dcc851625aca9a0808614cb45e01c6061606100a4398b20d198094ade8c0600000000ffff",
        "c2aa19540e2512d60b000000ffff",
    ]

    @Test("headers are read as Python's zlib wrote them, block after block")
    func headersOfPython() throws {
        let inflating = HeaderCompression(.inflating)
        let read = try Self.blocks.map { try SPDYHeaders.read(inflating.code(bytes($0))) }
        #expect(
            read == [
                ["streamtype": "error", "port": "8080", "requestid": "0"],
                ["streamtype": "data", "port": "8080", "requestid": "0"],
            ])
    }

    @Test("headers are written so that they can be read, block after block")
    func headersRoundTrip() throws {
        let (deflating, inflating) = (HeaderCompression(.deflating), HeaderCompression(.inflating))
        for number in 0..<20 {
            let block = SPDYHeaders.write([("streamtype", "data"), ("requestid", "\(number)")])
            let read = try SPDYHeaders.read(inflating.code(deflating.code(block)))
            #expect(read == ["streamtype": "data", "requestid": "\(number)"])
        }
    }

    @Test("what is no block of headers is refused")
    func badHeaders() throws {
        #expect(throws: SPDYViolation.self) { try HeaderCompression(.inflating).code([1, 2, 3, 4, 5, 6, 7, 8]) }
        #expect(throws: SPDYViolation.self) { try SPDYHeaders.read([0, 0, 0, 1, 0, 0, 0, 9, 65]) }
        #expect(throws: SPDYViolation.self) { try SPDYHeaders.read([0xff, 0xff, 0xff, 0xff]) }
        let bomb = try HeaderCompression(.deflating).code([UInt8](repeating: 0, count: 60 << 10))
        let inflating = HeaderCompression(.inflating)
        _ = try inflating.code(bomb)
        let deflating = HeaderCompression(.deflating)
        let halves = try [40, 40].map { try deflating.code([UInt8](repeating: 0, count: $0 << 10)) }
        #expect(throws: SPDYViolation.self) { try HeaderCompression(.inflating).code(halves[0] + halves[1]) }
    }

    static let frames: [SPDYFrame] = [
        .synStream(stream: 1, isLast: false, block: [1, 2, 3]), .synReply(stream: 1, isLast: true, block: []),
        .headers(stream: 3, isLast: false, block: [9]), .reset(stream: 5, status: 3), .ping(7),
        .goAway(lastStream: 5, status: 0), .windowUpdate(stream: 1, delta: 65_536),
        .data(stream: 1, bytes: Array(0..<100), isLast: false), .data(stream: 3, bytes: [], isLast: true),
        .other(type: 4),
    ]

    @Test("frames are read as they were written, however they are cut", arguments: [1, 2, 7, 8, 9, 1_000])
    func framesRoundTrip(size: Int) throws {
        let bytes = Self.frames.flatMap(\.bytes)
        var decoder = SPDYDecoder()
        var read: [SPDYFrame] = []
        for start in stride(from: 0, to: bytes.count, by: size) {
            decoder.feed(Array(bytes[start..<min(start + size, bytes.count)]))
            while let frame = try decoder.next() { read.append(frame) }
        }
        #expect(joined(read) == Self.frames)
    }

    @Test("frames of other versions, too large or too short are refused")
    func badFrames() {
        for bytes: [UInt8] in [
            [0x80, 2, 0, 6, 0, 0, 0, 4, 0, 0, 0, 1], [0x80, 3, 0, 1, 0, 2, 0, 0], [0x80, 3, 0, 6, 0, 0, 0, 2, 0, 0],
        ] {
            var decoder = SPDYDecoder()
            decoder.feed(bytes)
            #expect(throws: SPDYViolation.self) { try decoder.next() }
        }
    }

    @Test("any bytes are read or refused, and never more is given out than came in")
    func fuzz() {
        var random = SeededRandom()
        for _ in 0..<FuzzRun.iterations(20_000) {
            var bytes = Self.frames.shuffled(using: &random).prefix(3).flatMap(\.bytes)
            for _ in 0..<Int.random(in: 0..<4, using: &random) {
                bytes[Int.random(in: bytes.indices, using: &random)] = UInt8.random(in: 0...255, using: &random)
            }
            var decoder = SPDYDecoder()
            decoder.feed(bytes)
            var given = 0
            while let frame = try? decoder.next() {
                given += 1
                if case .data(_, let bytes, _) = frame { given += bytes.count }
            }
            #expect(given <= bytes.count + 3, "seed \(random.seed)")
        }
    }

    /// Pieces of one data frame as one.
    private func joined(_ frames: [SPDYFrame]) -> [SPDYFrame] {
        frames.reduce(into: []) { joined, frame in
            if case .data(let stream, let bytes, let isLast) = frame,
                case .data(stream, let before, false)? = joined.last
            {
                joined[joined.count - 1] = .data(stream: stream, bytes: before + bytes, isLast: isLast)
            } else {
                joined.append(frame)
            }
        }
    }

    private func bytes(_ hexadecimal: String) -> [UInt8] {
        let digits = Array(hexadecimal)
        return stride(from: 0, to: digits.count, by: 2).compactMap { UInt8(String(digits[$0...$0 + 1]), radix: 16) }
    }
}
