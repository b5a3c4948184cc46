import JSONModel

/// How scalars are written: as go-yaml, and so kubectl, does.
enum YAMLText {
    enum Style {
        case plain
        /// `|`
        case block
        /// Where the text would be taken for syntax.
        case singleQuoted
        /// Where it would be taken for another type, or needs escapes.
        case doubleQuoted
    }

    static func style(_ text: String) -> Style {
        if isTakenForAnotherType(text) { return .doubleQuoted }
        if text.utf8.contains(UInt8(ascii: "\n")) { return canBeBlock(text) ? .block : .doubleQuoted }
        guard text.unicodeScalars.allSatisfy(isPrintable) else { return .doubleQuoted }
        return canBePlain(text) ? .plain : .singleQuoted
    }

    /// A key; never a block.
    static func key(_ text: String) -> String { scalar(.string(text)) }

    /// A scalar, or an empty collection, on one line.
    static func scalar(_ value: JSONValue) -> String {
        switch value {
        case .string(let text):
            switch style(text) {
            case .plain: text
            case .singleQuoted: "'\(text.replacing("'", with: "''"))'"
            case .block, .doubleQuoted: escaped(text)
            }
        case .array: "[]"
        case .object: "{}"
        default: value.text
        }
    }

    static func emitBlock(_ text: String, into lines: inout [String], start: String, indent: Int) {
        let margin = String(repeating: " ", count: indent)
        let body = text.split(separator: "\n", omittingEmptySubsequences: false)
        // Where the first line cannot show the indentation, a digit does.
        let hint = body.first.map { $0.isEmpty || $0.first == " " } == true ? "2" : ""
        let endsInBreak = body.last?.isEmpty == true
        let endsInMore = endsInBreak && (body.dropLast().last?.isEmpty ?? true)
        lines.append(start + "|" + hint + (endsInMore ? "+" : endsInBreak ? "" : "-"))
        for line in endsInBreak ? body.dropLast() : body { lines.append(line.isEmpty ? "" : margin + line) }
    }

    private static func isTakenForAnotherType(_ text: String) -> Bool {
        guard case .string? = try? YAMLScalar.plain(text) else { return true }
        return text == "<<" || looksLikeTime(text) || looksSexagesimal(text)
    }

    /// `2001-12-14` is a time to other readers.
    private static func looksLikeTime(_ text: String) -> Bool {
        let parts = text.utf8.split(separator: UInt8(ascii: "-"), maxSplits: 2, omittingEmptySubsequences: false)
        return parts.count == 3 && parts[0].count == 4 && parts[0].allSatisfy(isDigit) && parts[1].allSatisfy(isDigit)
            && parts[2].first.map(isDigit) == true
    }

    /// `1:30` is ninety to other readers.
    private static func looksSexagesimal(_ text: String) -> Bool {
        text.utf8.contains(UInt8(ascii: ":")) && text.utf8.first.map { isDigit($0) || "+-".utf8.contains($0) } == true
            && text.utf8.allSatisfy { isDigit($0) || "+-_:.".utf8.contains($0) }
    }

    private static func canBeBlock(_ text: String) -> Bool {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        return lines.allSatisfy { $0.unicodeScalars.allSatisfy(isPrintable) && $0.last != " " }
    }

    private static func canBePlain(_ text: String) -> Bool {
        guard let first = text.utf8.first, first != UInt8(ascii: " "), text.utf8.last != UInt8(ascii: " "),
            !"#,[]{}&*!|>'\"%@`".utf8.contains(first), !text.hasPrefix("---"), !text.hasPrefix("...")
        else { return false }
        let isMark =
            "?:-".utf8.contains(first) && (text.utf8.count == 1 || text.utf8.dropFirst().first == UInt8(ascii: " "))
        return !isMark && text.utf8.last != UInt8(ascii: ":") && !text.contains(": ") && !text.contains(" #")
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }

    private static func isPrintable(_ scalar: Unicode.Scalar) -> Bool {
        scalar.value >= 0x20 && scalar.value != 0x7F && !(0x80...0x9F).contains(scalar.value)
            && scalar.value != 0x2028 && scalar.value != 0x2029 && scalar.value != 0xFEFF
    }

    /// Double-quoted, with everything that is not plainly printable as an escape.
    private static func escaped(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"", "\\": result += "\\\(scalar)"
            case "\n": result += "\\n"
            case "\t": result += "\\t"
            case "\r": result += "\\r"
            case _ where isPrintable(scalar): result.unicodeScalars.append(scalar)
            default:
                let digits = String(scalar.value, radix: 16)
                result += "\\u" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
            }
        }
        return result + "\""
    }
}
