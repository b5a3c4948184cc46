/// A path into a value (RFC 6901): `/spec/containers/0/image`, `/metadata/annotations/example.com~1name`.
package struct JSONPointer: Sendable, Hashable, CustomStringConvertible {
    /// The unescaped steps; none for the whole document.
    package var tokens: [String]

    package init(tokens: [String]) { self.tokens = tokens }

    /// `nil` where `text` is no pointer: it must be empty or begin with `/`, and `~` must be followed by `0` or `1`.
    package init?(parsing text: some StringProtocol) {
        guard !text.isEmpty else {
            tokens = []
            return
        }
        guard text.utf8.first == UInt8(ascii: "/") else { return nil }
        tokens = []
        for part in text.utf8.dropFirst().split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false) {
            guard let token = Self.unescape(part) else { return nil }
            tokens.append(token)
        }
    }

    package var description: String {
        tokens.map { token in
            var bytes: [UInt8] = [UInt8(ascii: "/")]
            for byte in token.utf8 {
                switch byte {
                case UInt8(ascii: "~"): bytes += [byte, UInt8(ascii: "0")]
                case UInt8(ascii: "/"): bytes += [UInt8(ascii: "~"), UInt8(ascii: "1")]
                default: bytes.append(byte)
                }
            }
            return String(decoding: bytes, as: UTF8.self)
        }.joined()
    }

    /// Whether `self` leads to a place inside what `other` leads to.
    package func isInside(_ other: JSONPointer) -> Bool {
        tokens.count > other.tokens.count && tokens.starts(with: other.tokens)
    }

    /// An index as JSON Patch writes it: decimal, without a sign or leading zeros.
    static func index(_ token: String) -> Int? {
        let digits = token.utf8
        guard digits.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }),
            digits.count == 1 || digits.first != UInt8(ascii: "0")
        else { return nil }
        return Int(token)
    }

    private static func unescape(_ part: some Collection<UInt8>) -> String? {
        var bytes: [UInt8] = []
        var rest = part.makeIterator()
        while let byte = rest.next() {
            guard byte == UInt8(ascii: "~") else {
                bytes.append(byte)
                continue
            }
            switch rest.next() {
            case UInt8(ascii: "0"): bytes.append(UInt8(ascii: "~"))
            case UInt8(ascii: "1"): bytes.append(UInt8(ascii: "/"))
            default: return nil
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}

extension JSONValue {
    /// The value that `pointer` leads to; `nil` where there is none.
    package subscript(pointer pointer: JSONPointer) -> JSONValue? { value(at: pointer.tokens[...]) }

    private func value(at tokens: ArraySlice<String>) -> JSONValue? {
        guard let token = tokens.first else { return self }
        switch self {
        case .object(let object): return object[token]?.value(at: tokens.dropFirst())
        case .array(let elements):
            guard let index = JSONPointer.index(token), elements.indices.contains(index) else { return nil }
            return elements[index].value(at: tokens.dropFirst())
        default: return nil
        }
    }
}
