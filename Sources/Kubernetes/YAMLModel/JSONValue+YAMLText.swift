package import JSONModel

extension JSONValue {
    /// YAML as kubectl prints it: block style, two spaces, lists not indented below their key, keys sorted; ends with a
    /// line break. Read again, it gives the same value.
    package func yaml() -> String {
        var lines: [String] = []
        emit(into: &lines, indent: 0, lead: "")
        return lines.joined(separator: "\n") + "\n"
    }

    /// - Parameter lead: what stands before the value on its first line (`- `, or nothing).
    private func emit(into lines: inout [String], indent: Int, lead: String) {
        let margin = String(repeating: " ", count: indent)
        switch self {
        case .object(let object) where !object.isEmpty:
            for (index, member) in object.enumerated() {
                let start = (index == 0 ? lead : margin) + YAMLText.key(member.key) + ":"
                member.value.emitMember(into: &lines, indent: indent, start: start)
            }
        case .array(let elements) where !elements.isEmpty:
            for (index, element) in elements.enumerated() {
                let start = (index == 0 ? lead : margin) + "- "
                element.emit(into: &lines, indent: indent + 2, lead: start)
            }
        case .string(let text) where YAMLText.isBlock(text) && indent > 0:
            YAMLText.emitBlock(text, into: &lines, start: lead, indent: indent)
        default: lines.append(lead + YAMLText.scalar(self))
        }
    }

    private func emitMember(into lines: inout [String], indent: Int, start: String) {
        let margin = String(repeating: " ", count: indent)
        switch self {
        case .object(let object) where !object.isEmpty:
            lines.append(start)
            emit(into: &lines, indent: indent + 2, lead: margin + "  ")
        case .array(let elements) where !elements.isEmpty:
            lines.append(start)
            emit(into: &lines, indent: indent, lead: margin)
        case .string(let text) where YAMLText.isBlock(text):
            YAMLText.emitBlock(text, into: &lines, start: start + " ", indent: indent + 2)
        default: lines.append(start + " " + YAMLText.scalar(self))
        }
    }
}

enum YAMLText {
    static func key(_ text: String) -> String { scalar(.string(text)) }

    static func scalar(_ value: JSONValue) -> String {
        switch value {
        case .string(let text): isPlain(text) ? text : quoted(text)
        case .array: "[]"
        case .object: "{}"
        default: value.text
        }
    }

    /// Several lines of printable text are written as a block (`|`).
    static func isBlock(_ text: String) -> Bool {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        guard lines.count > 1, let first = lines.first, first.first.map({ $0 != " " }) ?? false else { return false }
        return lines.allSatisfy { $0.unicodeScalars.allSatisfy(isPrintable) && !$0.hasSuffix(" ") }
    }

    static func emitBlock(_ text: String, into lines: inout [String], start: String, indent: Int) {
        var body = Substring(text)
        let breaks = text.reversed().prefix { $0 == "\n" }.count
        let style = breaks == 0 ? "|-" : breaks == 1 ? "|" : "|+"
        lines.append(start + style)
        if breaks > 0 { body = body.dropLast() }
        let margin = String(repeating: " ", count: indent)
        for line in body.split(separator: "\n", omittingEmptySubsequences: false) {
            lines.append(line.isEmpty ? "" : margin + line)
        }
    }

    /// Whether the text means itself without quotes.
    private static func isPlain(_ text: String) -> Bool {
        guard let first = text.unicodeScalars.first, let last = text.unicodeScalars.last,
            case .string? = try? YAMLScalar.plain(text), text.unicodeScalars.allSatisfy(isPrintable)
        else { return false }
        let isMark = "-?:,[]{}#&*!|>'\"%@`=<.".unicodeScalars.contains(first)
        return !isMark && first != " " && last != " " && last != ":" && !text.contains(": ") && !text.contains(" #")
            && !looksLikeTime(text)
    }

    /// Other readers take `2001-12-14` for a time: it is quoted for them.
    private static func looksLikeTime(_ text: String) -> Bool {
        let bytes = Array(text.utf8.prefix(10))
        guard bytes.count >= 8, bytes[4] == UInt8(ascii: "-") else { return false }
        return bytes[..<4].allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    }

    private static func isPrintable(_ scalar: Unicode.Scalar) -> Bool {
        scalar.value >= 0x20 && scalar.value != 0x7F && !(0x80...0x9F).contains(scalar.value)
            && scalar.value != 0x2028 && scalar.value != 0x2029 && scalar.value != 0xFEFF
    }

    private static func quoted(_ text: String) -> String {
        guard text.unicodeScalars.allSatisfy(isPrintable) else { return escaped(text) }
        if !text.contains("\\"), !text.contains("\"") { return "\"\(text)\"" }
        return "'\(text.replacing("'", with: "''"))'"
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
