/// The Authorization field of a head, as offsets into it.
package struct AuthorizationField: Sendable, Hashable {
    /// The whole line, with its CRLF.
    package let line: Range<Int>
    /// Without the white space around it.
    package let value: Range<Int>
    /// The token of the scheme Bearer; `nil` for another scheme, or none.
    package let bearer: Range<Int>?

    /// - Parameter head: what `RequestRewriter` wrote.
    /// - Returns: `nil` where there is none, and where there are several: nobody can tell which one is meant.
    package init?(_ head: Span<UInt8>) {
        var found: Range<Int>?
        var start = 0
        while let end = head.index(of: .lineFeed, from: start) {
            if Self.isNamed(start, end, head) {
                if found != nil { return nil }
                found = start..<(end + 1)
            }
            start = end + 1
        }
        guard let found else { return nil }
        line = found
        value = head.trimmed((found.lowerBound + Self.name.utf8CodeUnitCount)..<(found.upperBound - 2))
        bearer = Self.bearer(value, in: head)
    }

    private static let name: StaticString = "authorization:"

    private static func isNamed(_ start: Int, _ end: Int, _ head: Span<UInt8>) -> Bool {
        guard end - start > name.utf8CodeUnitCount, head[start] | 0x20 == UInt8(ascii: "a") else { return false }
        return head.equals(name, in: start..<(start + name.utf8CodeUnitCount))
    }

    private static func bearer(_ value: Range<Int>, in head: Span<UInt8>) -> Range<Int>? {
        let scheme: StaticString = "bearer "
        guard head.hasPrefix(scheme, in: value) else { return nil }
        let token = head.trimmed((value.lowerBound + scheme.utf8CodeUnitCount)..<value.upperBound)
        return token.isEmpty ? nil : token
    }
}
