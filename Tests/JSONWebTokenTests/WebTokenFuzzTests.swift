import Foundation
import JSONModel
import Randomness
import Testing

@testable import JSONWebToken

/// Random and almost-right tokens: the parser answers or throws, and never believes one that was not signed.
///
/// `MARTLET_FUZZ_ITERATIONS` says how many; a run inside the other tests is short.
@Suite struct WebTokenFuzzTests {
    static let iterations = FuzzRun.iterations(2_000)

    @Test("Base64url reads what it writes, and nothing else")
    func base64() {
        var random = SeededRandom()
        let seed = random.seed
        for _ in 0..<Self.iterations {
            let bytes = (0..<random.below(48)).map { _ in UInt8(random.below(256)) }
            let text = Base64URL.encode(bytes)
            #expect(Base64URL.decode(text.utf8) == bytes, "seed \(seed)")
            #expect(!text.contains { "+/=".contains($0) })
            let other = (0..<random.below(12)).map { _ in UInt8(random.below(128)) }
            guard let decoded = Base64URL.decode(other) else { continue }
            #expect(Base64URL.encode(decoded) == String(decoding: other, as: UTF8.self), "seed \(seed)")
        }
    }

    @Test("No text that was not signed is believed")
    func tokens() throws {
        var random = SeededRandom()
        let seed = random.seed
        let keys = WebKeySet([WebTokenTests.signer.publicKey])
        let original = Array(try WebTokenTests.signer.sign(WebTokenTests.claims).utf8)
        for _ in 0..<Self.iterations {
            var bytes = original
            for _ in 0...random.below(4) { random.mutate(&bytes) }
            guard bytes != original, let token = try? WebToken(parsing: String(decoding: bytes, as: UTF8.self)) else {
                continue
            }
            _ = token.audiences
            try? token.checkTime(now: Int64(random.below(3_000)))
            #expect(throws: WebTokenError.self, "seed \(seed): \(String(decoding: bytes, as: UTF8.self))") {
                try keys.verify(token)
            }
        }
    }
}

extension SeededRandom {
    /// Changes, inserts, removes or repeats something.
    mutating func mutate(_ bytes: inout [UInt8]) {
        guard !bytes.isEmpty else { return bytes.append(UInt8(below(128))) }
        let index = below(bytes.count)
        switch below(5) {
        case 0: bytes[index] = UInt8(below(128))
        case 1: bytes.insert(Array("AZaz09-_.".utf8)[below(9)], at: index)
        case 2: bytes.remove(at: index)
        case 3: bytes.insert(contentsOf: bytes[index..<min(bytes.count, index + below(40))], at: below(bytes.count))
        default: bytes.removeSubrange(index..<min(bytes.count, index + below(40)))
        }
    }
}
