import JSONModel

/// What Authorino adds to gjson's paths: `auth.identity.name.@case:lower`.
enum SelectorModifier: Sendable, Hashable {
    /// One of the parts between separators.
    case extract(separator: String, position: Int)
    case replace(old: String, new: String)
    case upper, lower
    case encode, decode
    /// Only what can be printed stays.
    case strip

    /// - Returns: `nil` for a modifier that is not known.
    static func split(_ text: String) -> (path: Substring, [SelectorModifier])? {
        var rest = text[...]
        guard let first = start(rest) else { return (rest, []) }
        let path = rest[..<first]
        rest = rest[first...]
        var modifiers: [SelectorModifier] = []
        while !rest.isEmpty {
            // The dot or bar, and the @.
            rest = rest.dropFirst(2)
            let end = end(of: rest)
            guard let modifier = SelectorModifier(rest[..<end]) else { return nil }
            modifiers.append(modifier)
            rest = rest[end...]
        }
        return (path, modifiers)
    }

    private static func start(_ text: Substring) -> Substring.Index? {
        text.indices.first { text[$0...].hasPrefix(".@") || text[$0...].hasPrefix("|@") }
    }

    private static func end(of text: Substring) -> Substring.Index {
        if let colon = text.firstIndex(of: ":"), text[text.index(after: colon)...].hasPrefix("{"),
            start(text[..<colon]) == nil, let end = end(ofBraces: text[text.index(after: colon)...])
        {
            return end
        }
        return start(text) ?? text.endIndex
    }

    /// - Parameter text: begins with an opening brace.
    /// - Returns: what follows the brace that closes it; `nil`: there is none.
    static func end(ofBraces text: Substring) -> Substring.Index? {
        var (depth, isQuoted, isEscaped) = (0, false, false)
        for index in text.indices {
            switch text[index] {
            case _ where isEscaped: isEscaped = false
            case "\\": isEscaped = true
            case "\"": isQuoted.toggle()
            case "{" where !isQuoted: depth += 1
            case "}" where !isQuoted:
                depth -= 1
                if depth == 0 { return text.index(after: index) }
            default: break
            }
        }
        return nil
    }

    private init?(_ text: Substring) {
        let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        let argument = parts.count > 1 ? String(parts[1]) : ""
        let json = (try? JSONValue(parsing: argument)) ?? [:]
        switch parts.first {
        case "extract":
            self = .extract(separator: json["sep"]?.stringValue ?? " ", position: json["pos"]?.intValue ?? 0)
        case "replace":
            self = .replace(old: json["old"]?.stringValue ?? "", new: json["new"]?.stringValue ?? "")
        case "case" where argument == "upper": self = .upper
        case "case" where argument == "lower": self = .lower
        case "base64" where argument == "encode": self = .encode
        case "base64" where argument == "decode": self = .decode
        case "strip" where argument.isEmpty: self = .strip
        default: return nil
        }
    }

    func apply(to value: JSONValue?) -> JSONValue? {
        guard let text = value?.selectedText else { return nil }
        switch self {
        case .extract(let separator, let position):
            let parts = text.parted(by: separator)
            return parts.indices.contains(position) ? .string(parts[position]) : nil
        case .replace(let old, let new):
            return .string(old.isEmpty ? text : text.parted(by: old).joined(separator: new))
        case .upper: return .string(text.uppercased())
        case .lower: return .string(text.lowercased())
        case .encode: return .string(Base64.encode(Array(text.utf8)))
        case .decode: return Base64.decode(text).map { .string(String(decoding: $0, as: UTF8.self)) }
        case .strip: return .string(String(text.unicodeScalars.filter { $0.properties.generalCategory != .control }))
        }
    }
}

extension String {
    /// The parts between separators; the whole for an empty one.
    fileprivate func parted(by separator: String) -> [String] {
        guard !separator.isEmpty else { return [self] }
        var parts = [""]
        var rest = self[...]
        while let character = rest.first {
            if rest.hasPrefix(separator) {
                parts.append("")
                rest = rest.dropFirst(separator.count)
            } else {
                parts[parts.count - 1].append(character)
                rest = rest.dropFirst()
            }
        }
        return parts
    }
}
