/// Reads RE2's syntax: `. [a-z] \d \w \s | ( ) (?: ) (?i) * + ? {2,5}` and escapes. `^` and `$` may stand at the ends,
/// where they say what holds anyway: the whole text is matched.
struct ExpressionParser {
    private let pattern: [UInt8]
    private var index = 0
    private var depth = 0
    private var ignoresCase = false

    private static let deepest = 50
    /// As in RE2.
    private static let mostRepetitions = 1_000

    init(_ pattern: String) { self.pattern = Array(pattern.utf8) }

    mutating func parse() throws(RegularExpression.Problem) -> ExpressionNode {
        if skip("(?i)") { ignoresCase = true }
        let node = try choice()
        if index < pattern.count { throw problem("has a ) without a (") }
        return node
    }

    private mutating func choice() throws(RegularExpression.Problem) -> ExpressionNode {
        var branches = [try sequence()]
        while skip("|") { branches.append(try sequence()) }
        return branches.count == 1 ? branches[0] : .choice(branches)
    }

    private mutating func sequence() throws(RegularExpression.Problem) -> ExpressionNode {
        var nodes: [ExpressionNode] = []
        if depth == 0 { _ = skip("^") }
        while let byte = peek, byte != UInt8(ascii: "|"), byte != UInt8(ascii: ")") {
            if byte == UInt8(ascii: "$"), depth == 0, isAtEnd(after: 1) {
                index += 1
                break
            }
            nodes.append(try repetition(of: try atom()))
        }
        return .sequence(nodes)
    }

    private func isAtEnd(after count: Int) -> Bool {
        index + count == pattern.count || pattern[index + count] == UInt8(ascii: "|")
    }

    private mutating func repetition(of node: ExpressionNode) throws(RegularExpression.Problem) -> ExpressionNode {
        var result = node
        while let byte = peek {
            switch byte {
            case UInt8(ascii: "*"): result = .repeated(result, least: 0, most: nil)
            case UInt8(ascii: "+"): result = .repeated(result, least: 1, most: nil)
            case UInt8(ascii: "?"): result = .repeated(result, least: 0, most: 1)
            case UInt8(ascii: "{"):
                result = try counted(result)
                continue
            default: return result
            }
            index += 1
            // Lazy or not, the same texts match.
            _ = skip("?")
        }
        return result
    }

    private mutating func counted(_ node: ExpressionNode) throws(RegularExpression.Problem) -> ExpressionNode {
        index += 1
        guard let least = number() else { throw problem("has a { that is no repetition; write \\{ for the character") }
        var most: Int? = least
        if skip(",") { most = number() }
        guard skip("}"), least <= Self.mostRepetitions, most ?? 0 <= Self.mostRepetitions, most ?? least >= least
        else { throw problem("has a repetition that is not {n}, {n,} or {n,m} with n <= m <= 1000") }
        return .repeated(node, least: least, most: most)
    }

    private mutating func number() -> Int? {
        var value: Int?
        while let byte = peek, ByteSet.digits.contains(byte), value ?? 0 <= Self.mostRepetitions {
            value = (value ?? 0) * 10 + Int(byte - UInt8(ascii: "0"))
            index += 1
        }
        return value
    }

    private mutating func atom() throws(RegularExpression.Problem) -> ExpressionNode {
        let byte = pattern[index]
        index += 1
        switch byte {
        case UInt8(ascii: "("): return try group()
        case UInt8(ascii: "["): return .bytes(try bracket())
        case UInt8(ascii: "."): return .bytes(.allButLineFeed)
        case UInt8(ascii: "\\"): return .bytes(folded(try escape()))
        case UInt8(ascii: "^"), UInt8(ascii: "$"): throw problem("has ^ or $ in its middle")
        case UInt8(ascii: "*"), UInt8(ascii: "+"), UInt8(ascii: "?"), UInt8(ascii: "{"):
            throw problem("has a repetition of nothing")
        default: return .bytes(folded(ByteSet(byte...byte)))
        }
    }

    private func folded(_ set: ByteSet) -> ByteSet { ignoresCase ? set.foldingCase : set }

    private mutating func group() throws(RegularExpression.Problem) -> ExpressionNode {
        if skip("?"), !skip(":") { throw problem("has a group with (? that is not (?:") }
        depth += 1
        guard depth <= Self.deepest else { throw problem("has more than \(Self.deepest) groups in each other") }
        let node = try choice()
        guard skip(")") else { throw problem("has a ( without a )") }
        depth -= 1
        return node
    }
}

// Characters.
extension ExpressionParser {
    private mutating func escape() throws(RegularExpression.Problem) -> ByteSet {
        guard let byte = peek else { throw problem("ends with a backslash") }
        index += 1
        switch byte {
        case UInt8(ascii: "d"): return .digits
        case UInt8(ascii: "D"): return ByteSet.digits.inverted
        case UInt8(ascii: "w"): return .words
        case UInt8(ascii: "W"): return ByteSet.words.inverted
        case UInt8(ascii: "s"): return .spaces
        case UInt8(ascii: "S"): return ByteSet.spaces.inverted
        case UInt8(ascii: "t"): return ByteSet(0x09...0x09)
        case UInt8(ascii: "n"): return ByteSet(0x0A...0x0A)
        case UInt8(ascii: "r"): return ByteSet(0x0D...0x0D)
        default:
            guard !ByteSet.words.contains(byte), byte < 0x80 else {
                throw problem("has \\\(String(decoding: [byte], as: UTF8.self)), which is not supported")
            }
            return ByteSet(byte...byte)
        }
    }

    /// After `[`.
    private mutating func bracket() throws(RegularExpression.Problem) -> ByteSet {
        let isInverted = skip("^")
        var set = ByteSet()
        var isFirst = true
        while let byte = peek, byte != UInt8(ascii: "]") || isFirst {
            isFirst = false
            try element(into: &set)
        }
        guard skip("]") else { throw problem("has a [ without a ]") }
        set = folded(set)
        return isInverted ? set.inverted : set
    }

    private mutating func element(into set: inout ByteSet) throws(RegularExpression.Problem) {
        let low = pattern[index]
        index += 1
        if low == UInt8(ascii: "\\") {
            set.formUnion(try escape())
            return
        }
        guard low < 0x80, low != UInt8(ascii: "[") || peek != UInt8(ascii: ":") else {
            throw problem("has a class of characters beyond ASCII, or a named one")
        }
        guard peek == UInt8(ascii: "-"), index + 1 < pattern.count, pattern[index + 1] != UInt8(ascii: "]") else {
            set.insert(low...low)
            return
        }
        let high = pattern[index + 1]
        guard high >= low, high < 0x80, high != UInt8(ascii: "\\") else { throw problem("has a range that is none") }
        index += 2
        set.insert(low...high)
    }

    private var peek: UInt8? { index < pattern.count ? pattern[index] : nil }

    private mutating func skip(_ text: String) -> Bool {
        guard pattern[index...].starts(with: text.utf8) else { return false }
        index += text.utf8.count
        return true
    }

    private func problem(_ why: String) -> RegularExpression.Problem { RegularExpression.Problem(why: why) }
}
