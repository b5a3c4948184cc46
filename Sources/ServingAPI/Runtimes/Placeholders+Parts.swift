extension Placeholders {
    /// A stretch of text: plain, or a placeholder.
    struct Part {
        let source: String
        /// What stands between the braces.
        var text: Substring = ""
        var isPlaceholder = false
    }

    /// Plain text and placeholders in turn; braces that are never closed make a placeholder that cannot be parsed.
    static func parts(_ text: String) -> [Part] {
        var parts: [Part] = []
        var rest = text[...]
        while let open = rest.firstRange(of: "{{") {
            parts.append(Part(source: String(rest[..<open.lowerBound])))
            let end = close(rest[open.upperBound...])
            let inner = rest[open.upperBound..<(end?.lowerBound ?? rest.endIndex)]
            let source = String(rest[open.lowerBound..<(end?.upperBound ?? rest.endIndex)])
            let trimmed = inner.drop(while: \.isWhitespace)
            let last = end == nil ? nil : trimmed.lastIndex { !$0.isWhitespace }
            parts.append(Part(source: source, text: last.map { trimmed[...$0] } ?? "", isPlaceholder: true))
            rest = rest[(end?.upperBound ?? rest.endIndex)...]
        }
        return parts + [Part(source: String(rest))]
    }

    /// The closing braces; those inside quotes do not close.
    private static func close(_ rest: Substring) -> Range<Substring.Index>? {
        var start = rest.drop(while: \.isWhitespace)
        if start.first == "\"" {
            guard let quote = start.dropFirst().firstIndex(of: "\"") else { return nil }
            start = start[start.index(after: quote)...]
        }
        return start.firstRange(of: "}}")
    }
}
