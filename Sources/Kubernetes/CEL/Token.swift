/// A word of an expression.
enum Token: Hashable {
    case identifier(String)
    case literal(CELValue)
    /// An operator or a bracket.
    case symbol(String)
    case end
}

/// Cuts an expression into words.
struct Lexer {
    private let scalars: [Unicode.Scalar]
    private var index = 0

    init(_ text: String) { scalars = Array(text.unicodeScalars) }

    /// All words, each with where it begins.
    static func tokens(_ text: String) throws(CELError) -> [(token: Token, offset: Int)] {
        var lexer = Lexer(text)
        var tokens: [(Token, Int)] = []
        while true {
            lexer.skipBlanks()
            let start = lexer.index
            let token = try lexer.next()
            tokens.append((token, start))
            if token == .end { return tokens }
        }
    }

    private func peek(_ distance: Int = 0) -> Unicode.Scalar? {
        index + distance < scalars.count ? scalars[index + distance] : nil
    }

    private mutating func skipBlanks() {
        while let scalar = peek() {
            if scalar == "/", peek(1) == "/" {
                while let scalar = peek(), scalar != "\n" { index += 1 }
            } else if scalar.properties.isWhitespace {
                index += 1
            } else {
                return
            }
        }
    }

    private mutating func next() throws(CELError) -> Token {
        guard let first = peek() else { return .end }
        if let quoted = try text() { return .literal(quoted) }
        if Self.isLetter(first) { return word() }
        if Self.isDigit(first) || first == "." && peek(1).map(Self.isDigit) ?? false { return .literal(try number()) }
        for symbol in [".?", "[?", "&&", "||", "==", "!=", "<=", ">="] where matches(symbol) {
            index += 2
            return .symbol(symbol)
        }
        guard "+-*/%!<>?:.,()[]{}".unicodeScalars.contains(first) else {
            throw CELError("Syntax error: token recognition error at: '\(first)' at character \(index + 1)")
        }
        index += 1
        return .symbol(String(first))
    }

    private func matches(_ symbol: String) -> Bool {
        symbol.unicodeScalars.enumerated().allSatisfy { peek($0.offset) == $0.element }
    }

    private mutating func word() -> Token {
        let start = index
        while let scalar = peek(), Self.isLetter(scalar) || Self.isDigit(scalar) { index += 1 }
        let word = text(from: start)
        switch word {
        case "true": return .literal(.bool(true))
        case "false": return .literal(.bool(false))
        case "null": return .literal(.null)
        case "in": return .symbol("in")
        default: return .identifier(word)
        }
    }

    private mutating func number() throws(CELError) -> CELValue {
        let start = index
        if matches("0x") || matches("0X") {
            index += 2
            let digits = index
            while peek()?.properties.isASCIIHexDigit == true { index += 1 }
            return try whole(text(from: digits), radix: 16)
        }
        var isDouble = false
        while let scalar = peek() {
            if scalar == ".", peek(1).map(Self.isDigit) ?? false {
                isDouble = true
            } else if scalar == "e" || scalar == "E" {
                isDouble = true
                if let sign = peek(1), sign == "+" || sign == "-" { index += 1 }
            } else if !Self.isDigit(scalar) {
                break
            }
            index += 1
        }
        guard isDouble else { return try whole(text(from: start), radix: 10) }
        guard let value = Double(text(from: start)) else {
            throw CELError("Syntax error: \(text(from: start)) is no number")
        }
        return .double(value)
    }

    private mutating func whole(_ digits: String, radix: Int) throws(CELError) -> CELValue {
        if peek() == "u" || peek() == "U" {
            index += 1
            if let value = UInt64(digits, radix: radix) { return .uint(value) }
        } else if let value = Int64(digits, radix: radix) {
            return .int(value)
        } else if digits == "9223372036854775808" {
            // The least int is written as the negative of a number that is none.
            return .uint(1 << 63)
        }
        throw CELError("Syntax error: \(digits) is no number that fits")
    }

    private func text(from start: Int) -> String {
        String(String.UnicodeScalarView(scalars[start..<index]))
    }

    private static func isLetter(_ scalar: Unicode.Scalar) -> Bool {
        scalar == "_" || ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar)
    }

    private static func isDigit(_ scalar: Unicode.Scalar) -> Bool { ("0"..."9").contains(scalar) }
}

extension Lexer {
    /// A text in quotes, or bytes; `nil` where there is none.
    private mutating func text() throws(CELError) -> CELValue? {
        var length = 0
        var isRaw = false
        var isBytes = false
        while length < 2, let scalar = peek(length), "rRbB".unicodeScalars.contains(scalar) {
            if "rR".unicodeScalars.contains(scalar) { isRaw = true } else { isBytes = true }
            length += 1
        }
        guard let quote = peek(length), quote == "\"" || quote == "'" else { return nil }
        index += length
        let isLong = peek(1) == quote && peek(2) == quote
        index += isLong ? 3 : 1
        var result: [UInt8] = []
        while true {
            guard let scalar = peek(), isLong || scalar != "\n" else {
                throw CELError("Syntax error: a text has no end")
            }
            if scalar == quote, !isLong || peek(1) == quote && peek(2) == quote {
                index += isLong ? 3 : 1
                return isBytes ? .bytes(result) : .string(String(decoding: result, as: UTF8.self))
            }
            index += 1
            if scalar == "\\", !isRaw {
                result += try escape(isBytes: isBytes)
            } else {
                result += Array(String(Character(scalar)).utf8)
            }
        }
    }

    private mutating func escape(isBytes: Bool) throws(CELError) -> [UInt8] {
        guard let scalar = peek() else { throw CELError("Syntax error: a text has no end") }
        index += 1
        let simple: [Unicode.Scalar: UInt8] = [
            "a": 7, "b": 8, "f": 12, "n": 10, "r": 13, "t": 9, "v": 11, "\\": 0x5C, "'": 0x27, "\"": 0x22, "`": 0x60,
            "?": 0x3F,
        ]
        if let byte = simple[scalar] { return [byte] }
        switch scalar {
        case "x", "X": return try code(2, radix: 16, isBytes: isBytes)
        case "u": return try code(4, radix: 16, isBytes: false)
        case "U": return try code(8, radix: 16, isBytes: false)
        case "0"..."3":
            index -= 1
            return try code(3, radix: 8, isBytes: isBytes)
        default: throw CELError("Syntax error: \\\(scalar) is no escape")
        }
    }

    private mutating func code(_ count: Int, radix: Int, isBytes: Bool) throws(CELError) -> [UInt8] {
        let start = index
        index = min(index + count, scalars.count)
        guard let value = UInt32(text(from: start), radix: radix), let scalar = Unicode.Scalar(value) else {
            throw CELError("Syntax error: an escape is no character")
        }
        return isBytes ? [UInt8(truncatingIfNeeded: value)] : Array(String(Character(scalar)).utf8)
    }
}
