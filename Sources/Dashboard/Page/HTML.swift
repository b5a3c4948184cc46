/// Text that is HTML. What is put into a literal by interpolation is escaped, unless it is HTML itself: so no text that
/// came from outside can become markup, in an element or in a quoted attribute.
struct HTML: Sendable, Hashable, ExpressibleByStringInterpolation {
    private(set) var text: String

    init(stringLiteral value: String) { text = value }
    init(stringInterpolation: Interpolation) { text = stringInterpolation.text }

    /// Text, escaped.
    init(_ plain: some StringProtocol) {
        text = ""
        Self.escape(plain, into: &text)
    }

    init(joining parts: some Sequence<HTML>, by separator: HTML = "") {
        text = parts.map(\.text).joined(separator: separator.text)
    }

    var isEmpty: Bool { text.isEmpty }

    static func + (left: HTML, right: HTML) -> HTML { "\(left)\(right)" }
    static func += (left: inout HTML, right: HTML) { left.text += right.text }

    struct Interpolation: StringInterpolationProtocol {
        fileprivate var text = ""

        init(literalCapacity: Int, interpolationCount: Int) {
            text.reserveCapacity(literalCapacity + interpolationCount * 32)
        }

        mutating func appendLiteral(_ literal: String) { text += literal }
        mutating func appendInterpolation(_ html: HTML) { text += html.text }
        mutating func appendInterpolation(_ html: HTML?) { text += html?.text ?? "" }
        mutating func appendInterpolation(_ parts: [HTML]) { for part in parts { text += part.text } }
        mutating func appendInterpolation(_ number: Int) { text += String(number) }
        mutating func appendInterpolation(_ plain: some StringProtocol) { HTML.escape(plain, into: &text) }
    }

    fileprivate static func escape(_ plain: some StringProtocol, into text: inout String) {
        guard plain.utf8.contains(where: isSpecial) else {
            text += plain
            return
        }
        for scalar in plain.unicodeScalars {
            switch scalar {
            case "&": text += "&amp;"
            case "<": text += "&lt;"
            case ">": text += "&gt;"
            case "\"": text += "&quot;"
            case "'": text += "&#39;"
            default: text.unicodeScalars.append(scalar)
            }
        }
    }

    private static func isSpecial(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "&") || byte == UInt8(ascii: "<") || byte == UInt8(ascii: ">")
            || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'")
    }
}

/// Some HTML where something holds, and nothing where it does not.
func html(if condition: Bool, _ content: @autoclosure () -> HTML) -> HTML { condition ? content() : "" }
