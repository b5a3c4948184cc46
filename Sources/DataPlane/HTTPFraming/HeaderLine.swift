/// A field of a head, found by its name.
package enum HeaderLine {
    /// - Parameters:
    ///   - name: in lower case. `_` in the head counts as `-`.
    ///   - head: what `RequestRewriter` wrote.
    /// - Returns: the whole line of the first one, with its CRLF.
    package static func find(_ name: [UInt8], in head: Span<UInt8>) -> Range<Int>? {
        var start = 0
        while let end = head.index(of: .lineFeed, from: start) {
            if start > 0, begins(name, at: start, in: head) { return start..<(end + 1) }
            start = end + 1
        }
        return nil
    }

    private static func begins(_ name: [UInt8], at start: Int, in head: Span<UInt8>) -> Bool {
        guard start + name.count < head.count, head[start + name.count] == UInt8(ascii: ":") else { return false }
        for (offset, expected) in name.enumerated() {
            var byte = head[start + offset]
            if byte == UInt8(ascii: "_") { byte = UInt8(ascii: "-") }
            if byte &- UInt8(ascii: "A") < 26 { byte |= 0x20 }
            if byte != expected { return false }
        }
        return true
    }
}
