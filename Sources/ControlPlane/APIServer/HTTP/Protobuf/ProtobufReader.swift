/// Reads Protocol Buffers' wire format, field by field.
struct ProtobufReader {
    /// Bytes that are no message.
    struct Malformed: Error {}

    enum Value: Equatable {
        /// Wire type 0; the other numeric types are passed over.
        case number(UInt64)
        /// Wire type 2: a text, bytes or a message.
        case bytes(ArraySlice<UInt8>)

        /// What a field without a value looks like.
        var isEmpty: Bool { self == .number(0) || self == .bytes([]) }

        func integer() throws(Malformed) -> Int {
            guard case .number(let number) = self else { throw Malformed() }
            return Int(truncatingIfNeeded: number)
        }

        func message() throws(Malformed) -> ArraySlice<UInt8> {
            guard case .bytes(let bytes) = self else { throw Malformed() }
            return bytes
        }

        func text() throws(Malformed) -> String {
            guard let text = String(validating: try message(), as: UTF8.self) else { throw Malformed() }
            return text
        }
    }

    private var rest: ArraySlice<UInt8>

    init(_ bytes: ArraySlice<UInt8>) { rest = bytes }

    /// `nil` at the end of the message.
    mutating func next() throws(Malformed) -> (field: Int, value: Value)? {
        while !rest.isEmpty {
            let tag = try readVariableLength()
            let field = Int(truncatingIfNeeded: tag >> 3)
            switch tag & 7 {
            case 0: return (field, .number(try readVariableLength()))
            case 1: _ = try take(8)
            case 2: return (field, .bytes(try take(try readVariableLength())))
            case 5: _ = try take(4)
            default: throw Malformed()
            }
        }
        return nil
    }

    private mutating func take(_ count: UInt64) throws(Malformed) -> ArraySlice<UInt8> {
        guard count <= UInt64(rest.count) else { throw Malformed() }
        defer { rest = rest.dropFirst(Int(count)) }
        return rest.prefix(Int(count))
    }

    private mutating func readVariableLength() throws(Malformed) -> UInt64 {
        var value: UInt64 = 0
        for shift in stride(from: 0, to: 70, by: 7) {
            guard let byte = rest.popFirst() else { throw Malformed() }
            value |= UInt64(byte & 0x7F) << UInt64(shift)
            if byte < 0x80 { return value }
        }
        throw Malformed()
    }
}
