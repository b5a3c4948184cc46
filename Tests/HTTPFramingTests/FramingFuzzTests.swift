import Randomness
import Testing

@testable import HTTPFraming

/// Random requests, made by breaking good ones. The seed is in every failure.
struct FramingFuzzTests {
    static let first = FuzzRun.seed ?? 0
    static let inputs = FuzzRun.iterations(50_000)

    private static let pieces: [String] = [
        "GET ", "POST ", "/ HTTP/1.1\r\n", "/a?b ", "HTTP/1.1\r\n", "HTTP/1.0\r\n", "Host: h\r\n", "Host: a:1\r\n",
        "Content-Length: 3\r\n", "Content-Length: 03\r\n", "Transfer-Encoding: chunked\r\n", "Connection: close\r\n",
        "Connection: X, te\r\n", "TE: trailers\r\n", "X: y\r\n", "Expect: 100-continue\r\n", "\r\n", "\n", "\r", " ",
        ":",
        "\t", "\0", "http://h/", "Forwarded: for=x\r\n", "K-A: b\r\n", "Upgrade: websocket\r\n",
    ]

    private static func makeInput(_ random: inout SeededRandom) -> [UInt8] {
        var bytes = Array("POST /x HTTP/1.1\r\nHost: h\r\n".utf8)
        if random.below(2) == 0 { bytes = [] }
        for _ in 0..<random.below(6) { bytes += pieces[random.below(pieces.count)].utf8 }
        if random.below(2) == 0 { bytes += "\r\n".utf8 }
        for _ in 0..<random.below(3) where !bytes.isEmpty {
            let index = random.below(bytes.count)
            switch random.below(3) {
            case 0: bytes[index] = UInt8(random.below(256))
            case 1: bytes.remove(at: index)
            default: bytes.insert(UInt8(random.below(256)), at: index)
            }
        }
        return bytes
    }

    @Test
    func `However a request is split, it is read in the same way, and so is what is made of it`() throws {
        for seed in Self.first..<(Self.first + UInt64(Self.inputs)) {
            var random = SeededRandom(seed: seed)
            let bytes = Self.makeInput(&random)
            let whole = parseRequest(bytes)
            let split = random.below(bytes.count + 1)
            let parts = parseRequest(bytes, givenIn: [split, bytes.count].sorted())
            if parts != whole {
                Issue.record("seed \(seed): split at \(split) of \(bytes.count), \(parts) is not \(whole)")
            }
            guard case .success(let head?) = whole else { continue }
            let forwarded = parseRequest(Array(try rewritten(bytes).utf8))
            guard case .success(let again?) = forwarded, again.framing == head.framing || head.framing == .length(0)
            else {
                Issue.record(
                    "seed \(seed): \(String(decoding: bytes, as: UTF8.self).debugDescription) became \(forwarded)")
                continue
            }
        }
    }

    @Test
    func `However a chunked body is split, its end is found in the same place`() throws {
        for seed in Self.first..<(Self.first + UInt64(Self.inputs)) {
            var random = SeededRandom(seed: seed)
            var bytes: [UInt8] = []
            for _ in 0..<random.below(4) {
                let size = random.below(20)
                bytes += "\(String(size, radix: 16))\r\n\(String(repeating: "x", count: size))\r\n".utf8
            }
            bytes += "0\r\n\r\nGET".utf8
            if random.below(2) == 0 { bytes[random.below(bytes.count)] = UInt8(random.below(256)) }
            let whole = Self.track(bytes, splitAt: bytes.count)
            let split = random.below(bytes.count)
            let parts = Self.track(bytes, splitAt: split)
            if parts != whole { Issue.record("seed \(seed): split at \(split), \(parts) is not \(whole)") }
        }
    }

    private struct Tracked: Equatable {
        var consumed = 0
        var isComplete = false
        var error: FramingError?
    }

    private static func track(_ bytes: [UInt8], splitAt split: Int) -> Tracked {
        var tracker = BodyTracker(.chunked)
        var result = Tracked()
        do throws(FramingError) {
            for part in [Array(bytes[..<split]), Array(bytes[split...])] {
                result.consumed += try tracker.advance(over: part.span)
            }
        } catch {
            return Tracked(error: error)
        }
        result.isComplete = tracker.isComplete
        return result
    }
}
