extension OutputRawSpan {
    /// Appends bytes of a span. The caller has made room for them.
    mutating func append(_ range: Range<Int>, of bytes: Span<UInt8>) {
        guard !range.isEmpty else { return }
        let source = bytes.extracting(range)
        precondition(source.count <= freeCapacity, "the head does not fit the room made for it")
        // SAFETY: both buffers are used within their counts (checked above) and do not leave the closures.
        source.withUnsafeBytes { source in
            withUnsafeMutableBytes { output, count in
                guard let from = source.baseAddress, let to = output.baseAddress else { return }
                (to + count).copyMemory(from: from, byteCount: source.count)
                count += source.count
            }
        }
    }

    mutating func append(_ bytes: [UInt8]) { append(0..<bytes.count, of: bytes.span) }

    mutating func append(_ literal: StaticString) {
        // SAFETY: the buffer is the literal's own storage.
        literal.withUTF8Buffer { append(0..<$0.count, of: Span(_unsafeElements: $0)) }
    }
}
