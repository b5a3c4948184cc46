import Crypto

/// The SHA-256 of a token. Tokens are known by it and never kept; and since nobody can choose a token for its digest,
/// comparing digests tells nothing of tokens.
package struct TokenDigest: Sendable, Hashable {
    private let words: (UInt64, UInt64, UInt64, UInt64)

    package init(_ token: Span<UInt8>) {
        var hash = SHA256()
        // SAFETY: the bytes are only read, and only within the closure.
        token.withUnsafeBytes { hash.update(bufferPointer: $0) }
        // SAFETY: a SHA-256 has 32 bytes.
        words = hash.finalize().withUnsafeBytes { bytes in
            func word(_ index: Int) -> UInt64 { bytes.loadUnaligned(fromByteOffset: index * 8, as: UInt64.self) }
            return (word(0), word(1), word(2), word(3))
        }
    }

    /// Stands for nothing but its own turn.
    init(turn: UInt64) { words = (turn, .max, .max, .max) }

    /// For names of what is kept.
    var text: String { "\(words.0)-\(words.1)-\(words.2)-\(words.3)" }

    /// All words are compared whatever the first ones say.
    package static func == (left: Self, right: Self) -> Bool {
        (left.words.0 ^ right.words.0) | (left.words.1 ^ right.words.1) | (left.words.2 ^ right.words.2)
            | (left.words.3 ^ right.words.3) == 0
    }

    package func hash(into hasher: inout Hasher) { hasher.combine(words.0) }
}

extension TokenDigest {
    /// - Parameter text: base64 of 64 hexadecimal digits, as a Secret has it.
    init?(base64Hexadecimal text: String) {
        guard let hexadecimal = Self.bytes(text) else { return nil }
        self.init(hexadecimal: hexadecimal)
    }

    /// What base64 stands for, as Secrets have it.
    static func bytes(_ text: String) -> [UInt8]? {
        var result: [UInt8] = []
        var (bits, count): (UInt32, UInt32) = (0, 0)
        for byte in text.utf8 where byte != UInt8(ascii: "=") {
            guard let value = base64(byte) else { return nil }
            bits = bits << 6 | value
            count += 6
            guard count >= 8 else { continue }
            count -= 8
            result.append(UInt8(truncatingIfNeeded: bits >> count))
            bits &= (1 << count) - 1
        }
        return result
    }

    private init?(hexadecimal: [UInt8]) {
        guard hexadecimal.count == 64 else { return nil }
        var bytes: [UInt8] = []
        for index in stride(from: 0, to: 64, by: 2) {
            guard let high = Self.digit(hexadecimal[index]), let low = Self.digit(hexadecimal[index + 1]) else {
                return nil
            }
            bytes.append(high << 4 | low)
        }
        // SAFETY: there are 32 bytes.
        words = bytes.withUnsafeBytes { bytes in
            func word(_ index: Int) -> UInt64 { bytes.loadUnaligned(fromByteOffset: index * 8, as: UInt64.self) }
            return (word(0), word(1), word(2), word(3))
        }
    }

    private static func base64(_ byte: UInt8) -> UInt32? {
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): UInt32(byte - UInt8(ascii: "A"))
        case UInt8(ascii: "a")...UInt8(ascii: "z"): UInt32(byte - UInt8(ascii: "a")) + 26
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(byte - UInt8(ascii: "0")) + 52
        case UInt8(ascii: "+"): 62
        case UInt8(ascii: "/"): 63
        default: nil
        }
    }

    private static func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        default: nil
        }
    }
}
