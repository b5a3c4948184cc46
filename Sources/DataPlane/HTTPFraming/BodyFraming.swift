/// How the end of a message's body is found.
package enum BodyFraming: Sendable, Hashable {
    case none
    /// So many bytes.
    case length(Int)
    case chunked
    /// All until the connection ends: responses only.
    case untilClose
}

extension HeadScanner {
    /// The framing that the fields declare, or `nil` where they declare none.
    func declaredFraming(in bytes: Span<UInt8>) throws(FramingError) -> BodyFraming? {
        var length: Int?
        var isChunked = false
        for field in fields {
            switch field.kind {
            case .contentLength where !field.isDropped:
                if length != nil { throw .duplicateContentLength }
                length = try Self.contentLength(field.value, in: bytes)
            case .transferEncoding where !field.isDropped:
                guard !isChunked, bytes.equals("chunked", in: field.value) else { throw .unsupportedTransferEncoding }
                isChunked = true
            default: break
            }
        }
        if isChunked, length != nil { throw .lengthAndEncoding }
        return isChunked ? .chunked : length.map { .length($0) }
    }

    /// A message that never has a body does not announce one: a client might wait for it.
    mutating func dropFraming() {
        for index in fields.indices {
            if [.contentLength, .transferEncoding].contains(fields[index].kind) { fields[index].isDropped = true }
        }
    }

    /// Digits only, at most 18: no sign, no list, no space.
    private static func contentLength(_ value: Range<Int>, in bytes: Span<UInt8>) throws(FramingError) -> Int {
        guard 1...18 ~= value.count else { throw .malformedContentLength }
        var length = 0
        for index in value {
            guard bytes[index].isDigit else { throw .malformedContentLength }
            length = length * 10 + Int(bytes[index] - UInt8(ascii: "0"))
        }
        return length
    }
}
