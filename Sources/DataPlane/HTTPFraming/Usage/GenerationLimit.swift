/// How many tokens a request allows its answer to have, in the bytes of its body: the first number of `max_tokens`,
/// `max_completion_tokens` or `max_output_tokens`. No JSON is read: within a string the quotes around such a name are
/// escaped, so that text is never taken for a limit.
package enum GenerationLimit {
    /// - Returns: `nil` where none is found; at most a million.
    package static func find(in bytes: Span<UInt8>) -> Int? {
        var start = 0
        while let quote = bytes.index(of: UInt8(ascii: "\""), from: start) {
            if let end = nameEnd(after: quote, in: bytes), let number = number(after: end, in: bytes) { return number }
            start = quote + 1
        }
        return nil
    }

    private static func nameEnd(after quote: Int, in bytes: Span<UInt8>) -> Int? {
        guard quote == 0 || bytes[quote - 1] != UInt8(ascii: "\\") else { return nil }
        let names: (StaticString, StaticString, StaticString) = (
            "max_tokens\"", "max_completion_tokens\"", "max_output_tokens\""
        )
        return end(of: names.0, at: quote + 1, in: bytes) ?? end(of: names.1, at: quote + 1, in: bytes)
            ?? end(of: names.2, at: quote + 1, in: bytes)
    }

    private static func end(of name: StaticString, at start: Int, in bytes: Span<UInt8>) -> Int? {
        guard start + name.utf8CodeUnitCount <= bytes.count else { return nil }
        for offset in 0..<name.utf8CodeUnitCount {
            // SAFETY: the offset is below the literal's count.
            guard bytes[start + offset] == name.utf8Start[offset] else { return nil }
        }
        return start + name.utf8CodeUnitCount
    }

    private static func number(after start: Int, in bytes: Span<UInt8>) -> Int? {
        var index = start
        func skipSpaces() {
            while index < bytes.count,
                bytes[index] == .space || bytes[index] == .tab || bytes[index] == .lineFeed
                    || bytes[index] == .carriageReturn
            { index += 1 }
        }
        skipSpaces()
        guard index < bytes.count, bytes[index] == UInt8(ascii: ":") else { return nil }
        index += 1
        skipSpaces()
        var number: Int?
        while index < bytes.count, bytes[index].isDigit {
            number = min((number ?? 0) * 10 + Int(bytes[index] - UInt8(ascii: "0")), 1_000_000)
            index += 1
        }
        return number
    }
}
