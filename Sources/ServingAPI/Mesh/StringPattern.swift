/// How Istio's policies match text: all of it, its beginning (`a*`), its end (`*a`), or that there is any (`*`).
package enum StringPattern: Sendable, Hashable {
    case exact(String)
    case prefix(String)
    case suffix(String)
    case present

    package init(_ text: String) {
        if text == "*" {
            self = .present
        } else if text.hasSuffix("*") {
            self = .prefix(String(text.dropLast()))
        } else if text.hasPrefix("*") {
            self = .suffix(String(text.dropFirst()))
        } else {
            self = .exact(text)
        }
    }

    package func matches(_ text: String) -> Bool {
        switch self {
        // Bytes, and not what Unicode takes for equal.
        case .exact(let whole): whole.utf8.elementsEqual(text.utf8)
        case .prefix(let beginning): text.utf8.starts(with: beginning.utf8)
        case .suffix(let end): text.utf8.reversed().starts(with: end.utf8.reversed())
        case .present: !text.isEmpty
        }
    }
}

/// A path, or a template of one: `{*}` is one segment, `{**}` anything.
package enum PathPattern: Sendable, Hashable {
    package enum Part: Sendable, Hashable {
        case literal([UInt8])
        case segment
        case rest
    }

    case text(StringPattern)
    case template([Part])

    /// - Returns: `nil` for a template with something else in braces.
    package init?(_ text: String) {
        guard text.contains("{") || text.contains("}") else {
            self = .text(StringPattern(text))
            return
        }
        var parts: [Part] = []
        var rest = text[...]
        while let brace = rest.firstIndex(of: "{") {
            if rest.startIndex != brace { parts.append(.literal(Array(rest[..<brace].utf8))) }
            rest = rest[brace...]
            if rest.hasPrefix("{**}") {
                parts.append(.rest)
                rest = rest.dropFirst(4)
            } else if rest.hasPrefix("{*}") {
                parts.append(.segment)
                rest = rest.dropFirst(3)
            } else {
                return nil
            }
        }
        guard !rest.contains("}"), !rest.contains("*"), parts.filter({ $0 == .rest }).count < 2 else { return nil }
        if !rest.isEmpty { parts.append(.literal(Array(rest.utf8))) }
        self = .template(parts)
    }

    package func matches(_ path: String) -> Bool {
        switch self {
        case .text(let pattern): pattern.matches(path)
        case .template(let parts): Self.match(parts[...], Array(path.utf8)[...])
        }
    }

    private static func match(_ parts: ArraySlice<Part>, _ path: ArraySlice<UInt8>) -> Bool {
        guard let part = parts.first else { return path.isEmpty }
        let others = parts.dropFirst()
        switch part {
        case .literal(let bytes): return path.starts(with: bytes) && match(others, path.dropFirst(bytes.count))
        case .segment:
            let end = path.firstIndex(of: UInt8(ascii: "/")) ?? path.endIndex
            return end > path.startIndex && match(others, path[end...])
        case .rest:
            return (path.startIndex...path.endIndex).contains { match(others, path[$0...]) }
        }
    }
}
