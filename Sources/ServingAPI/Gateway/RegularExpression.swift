/// A regular expression as Gateway API routes have them, in RE2's syntax without back references and assertions. It is
/// made into an automaton at once, so that matching is one pass over the text, whatever the expression and the text are;
/// one that would need too large an automaton is refused.
package struct RegularExpression: Sendable, Hashable {
    package struct Problem: Error, Sendable, Hashable {
        /// As the end of a sentence.
        package let why: String
    }

    private let automaton: ByteAutomaton

    package init(_ pattern: String) throws(Problem) {
        var parser = ExpressionParser(pattern)
        automaton = try ByteAutomaton(parser.parse())
    }

    /// Whether the whole text matches.
    package func matches(_ text: Span<UInt8>) -> Bool { automaton.accepts(text) }

    package func matches(_ text: String) -> Bool { matches(Array(text.utf8).span) }
}

/// A regular expression taken apart; over bytes.
indirect enum ExpressionNode: Sendable, Hashable {
    case bytes(ByteSet)
    case sequence([ExpressionNode])
    case choice([ExpressionNode])
    /// - `most`: `nil` for any number.
    case repeated(ExpressionNode, least: Int, most: Int?)
}

/// Some of the 256 bytes.
struct ByteSet: Sendable, Hashable {
    private var words: SIMD4<UInt64> = .zero

    init() {}

    init(_ ranges: ClosedRange<UInt8>...) {
        for range in ranges { insert(range) }
    }

    func contains(_ byte: UInt8) -> Bool { words[Int(byte >> 6)] & (1 << UInt64(byte & 63)) != 0 }

    mutating func insert(_ range: ClosedRange<UInt8>) {
        for byte in range { words[Int(byte >> 6)] |= 1 << UInt64(byte & 63) }
    }

    mutating func formUnion(_ other: ByteSet) { words |= other.words }

    var inverted: ByteSet {
        var result = self
        result.words = ~words
        return result
    }

    /// With the other case of each ASCII letter in it.
    var foldingCase: ByteSet {
        var result = self
        for letter in UInt8(ascii: "a")...UInt8(ascii: "z") where contains(letter) || contains(letter - 32) {
            result.insert(letter...letter)
            result.insert((letter - 32)...(letter - 32))
        }
        return result
    }

    static let digits = ByteSet(UInt8(ascii: "0")...UInt8(ascii: "9"))
    static let words = ByteSet(
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "_")...UInt8(ascii: "_"))
    static let spaces = ByteSet(0x09...0x0A, 0x0C...0x0D, 0x20...0x20)
    static let allButLineFeed = ByteSet(0x0A...0x0A).inverted
}
