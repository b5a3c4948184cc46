#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

extension Span<UInt8> {
    /// Where the next `byte` is, from `start` on.
    func index(of byte: UInt8, from start: Int) -> Int? {
        // SAFETY: the pointer is read within its count, and does not leave the closure.
        withUnsafeBufferPointer { buffer in
            guard let base = buffer.baseAddress, start < buffer.count,
                let found = memchr(base + start, Int32(byte), buffer.count - start)
            else { return nil }
            return UnsafeRawPointer(found) - UnsafeRawPointer(base)
        }
    }

    /// Whether the bytes in `range` are `literal`, which must be in lower case. An ASCII letter matches in either case.
    package func equals(_ literal: StaticString, in range: Range<Int>) -> Bool {
        literal.utf8CodeUnitCount == range.count && hasPrefix(literal, in: range)
    }

    /// Whether the bytes in `range` are `text`, which must be in lower case. An ASCII letter matches in either case.
    func equals(_ text: [UInt8], in range: Range<Int>) -> Bool {
        guard text.count == range.count else { return false }
        for index in text.indices {
            let byte = self[range.lowerBound + index]
            if byte | (byte &- UInt8(ascii: "A") < 26 ? 0x20 : 0) != text[index] { return false }
        }
        return true
    }

    /// Whether the bytes in `range` begin with `literal`, which must be in lower case. `_` in the bytes counts as `-`:
    /// servers that hand fields on as environment variables cannot tell them apart.
    func hasPrefix(_ literal: StaticString, in range: Range<Int>) -> Bool {
        guard literal.utf8CodeUnitCount <= range.count else { return false }
        for index in 0..<literal.utf8CodeUnitCount {
            // SAFETY: index is below the literal's count.
            let expected = literal.utf8Start[index]
            var byte = self[range.lowerBound + index]
            if byte == UInt8(ascii: "_") { byte = UInt8(ascii: "-") }
            let folded = byte | (byte &- UInt8(ascii: "A") < 26 ? 0x20 : 0)
            if folded != expected { return false }
        }
        return true
    }

    /// Whether two ranges hold the same bytes, ASCII letters in either case.
    func equalIgnoringCase(_ left: Range<Int>, _ right: Range<Int>) -> Bool {
        guard left.count == right.count else { return false }
        for offset in 0..<left.count {
            let (first, second) = (self[left.lowerBound + offset], self[right.lowerBound + offset])
            let isLetter = (first | 0x20) &- UInt8(ascii: "a") < 26
            if first != second && !(isLetter && first | 0x20 == second | 0x20) { return false }
        }
        return true
    }

    /// `range` without spaces and tabs at its ends.
    func trimmed(_ range: Range<Int>) -> Range<Int> {
        var (lower, upper) = (range.lowerBound, range.upperBound)
        while lower < upper, self[lower] == .space || self[lower] == .tab { lower += 1 }
        while upper > lower, self[upper - 1] == .space || self[upper - 1] == .tab { upper -= 1 }
        return lower..<upper
    }

    /// The elements of a comma-separated list, trimmed, empty ones left out.
    func forEachElement<Failure: Error>(
        of range: Range<Int>, _ body: (Range<Int>) throws(Failure) -> Void
    ) throws(Failure) {
        var start = range.lowerBound
        while start < range.upperBound {
            var end = start
            while end < range.upperBound, self[end] != UInt8(ascii: ",") { end += 1 }
            let element = trimmed(start..<end)
            if !element.isEmpty { try body(element) }
            start = end + 1
        }
    }
}
