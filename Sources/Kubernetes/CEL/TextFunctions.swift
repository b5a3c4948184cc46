/// What can be asked of a text. Places are counted in Unicode scalars.
enum TextFunctions {
    static func apply(_ name: String, _ text: String, _ rest: [CELValue]) throws(CELError) -> CELValue? {
        if rest.isEmpty {
            switch name {
            case "lowerAscii": return .string(ascii(text, 0x41...0x5A, +0x20))
            case "upperAscii": return .string(ascii(text, 0x61...0x7A, -0x20))
            case "trim": return .string(trimmed(text))
            case "reverse": return .string(String(String.UnicodeScalarView(text.unicodeScalars.reversed())))
            default: return nil
            }
        }
        switch (name, rest[0]) {
        case ("contains", .string(let other)): return .bool(find(other, in: text) != nil || other.isEmpty)
        case ("startsWith", .string(let other)): return .bool(text.utf8.starts(with: other.utf8))
        case ("endsWith", .string(let other)): return .bool(text.utf8.reversed().starts(with: other.utf8.reversed()))
        case ("matches", .string(let pattern)): return .bool(!(try matches(text, pattern, limit: 1)).isEmpty)
        case ("find", .string(let pattern)): return .string(try matches(text, pattern, limit: 1).first ?? "")
        case ("findAll", .string(let pattern)):
            var limit = Int.max
            if case .int(let count)? = rest.dropFirst().first, count >= 0 { limit = Int(count) }
            return .list(try matches(text, pattern, limit: limit).map { .string($0) })
        case ("charAt", .int(let place)): return try substring(text, place, place < count(text) ? place + 1 : place)
        case ("substring", .int(let from)):
            if rest.count == 2, case .int(let to) = rest[1] { return try substring(text, from, to) }
            return rest.count == 1 ? try substring(text, from, count(text)) : nil
        case ("indexOf", .string(let other)): return .int(place(other, text, rest.dropFirst().first, isLast: false))
        case ("lastIndexOf", .string(let other)): return .int(place(other, text, rest.dropFirst().first, isLast: true))
        case ("split", .string(let separator)): return split(text, separator, rest.dropFirst().first)
        case ("replace", .string(let old)):
            guard rest.count >= 2, case .string(let new) = rest[1] else { return nil }
            var limit = Int.max
            if rest.count == 3, case .int(let count) = rest[2], count >= 0 { limit = Int(count) }
            return .string(replaced(text, old, new, limit))
        default: return nil
        }
    }

    private static func count(_ text: String) -> Int64 { Int64(text.unicodeScalars.count) }

    private static func ascii(_ text: String, _ range: ClosedRange<UInt8>, _ step: Int) -> String {
        String(decoding: text.utf8.map { range.contains($0) ? UInt8(Int($0) + step) : $0 }, as: UTF8.self)
    }

    private static func trimmed(_ text: String) -> String {
        let scalars = text.unicodeScalars.drop { $0.properties.isWhitespace }
        return String(Substring(scalars).reversed().drop { $0.isWhitespace }.reversed())
    }

    private static func substring(_ text: String, _ from: Int64, _ to: Int64) throws(CELError) -> CELValue {
        guard from >= 0, from <= to, to <= count(text) else { throw CELError("index out of range: \(from) to \(to)") }
        let scalars = Array(text.unicodeScalars)[Int(from)..<Int(to)]
        return .string(String(String.UnicodeScalarView(scalars)))
    }

    /// Where `other` begins in `text`, in scalars.
    private static func find(_ other: String, in text: String, from: Int = 0) -> Int? {
        let (text, other) = (Array(text.unicodeScalars), Array(other.unicodeScalars))
        guard other.count <= text.count, from >= 0 else { return nil }
        guard from <= text.count - other.count else { return nil }
        return (from...(text.count - other.count)).first { text[$0..<($0 + other.count)].elementsEqual(other) }
    }

    private static func place(_ other: String, _ text: String, _ from: CELValue?, isLast: Bool) -> Int64 {
        var start = isLast ? Int.max : 0
        if case .int(let value)? = from { start = Int(clamping: value) }
        guard isLast else { return Int64(find(other, in: text, from: start) ?? -1) }
        var found: Int64 = -1
        var next = 0
        while let place = find(other, in: text, from: next), place <= start {
            found = Int64(place)
            next = place + 1
        }
        return found
    }

    private static func split(_ text: String, _ separator: String, _ limit: CELValue?) -> CELValue {
        var most = Int.max
        if case .int(let value)? = limit { most = value < 0 ? Int.max : Int(value) }
        guard most > 0 else { return .list([]) }
        if separator.isEmpty { return .list(text.unicodeScalars.map { .string(String(Character($0))) }) }
        var parts: [CELValue] = []
        var rest = Array(text.unicodeScalars)[...]
        let needle = Array(separator.unicodeScalars)
        while parts.count < most - 1, rest.count >= needle.count,
            let start = (rest.startIndex...(rest.endIndex - needle.count)).first(where: {
                rest[$0..<($0 + needle.count)].elementsEqual(needle)
            })
        {
            parts.append(.string(String(String.UnicodeScalarView(rest[..<start]))))
            rest = rest[(start + needle.count)...]
        }
        return .list(parts + [.string(String(String.UnicodeScalarView(rest)))])
    }

    private static func replaced(_ text: String, _ old: String, _ new: String, _ limit: Int) -> String {
        guard case .list(let parts) = split(text, old, limit == Int.max ? nil : .int(Int64(limit) + 1)) else {
            return text
        }
        let texts = parts.map { if case .string(let part) = $0 { part } else { "" } }
        return texts.joined(separator: new)
    }

    private static func matches(_ text: String, _ pattern: String, limit: Int) throws(CELError) -> [String] {
        let regex: Regex<AnyRegexOutput>
        do { regex = try Regex(pattern).matchingSemantics(.unicodeScalar) } catch {
            throw CELError("\(pattern) is no regular expression")
        }
        if limit == 1 {
            guard let match = try? regex.firstMatch(in: text) else { return [] }
            return [String(text[match.range])]
        }
        return text.matches(of: regex).prefix(limit).map { String(text[$0.range]) }
    }
}
