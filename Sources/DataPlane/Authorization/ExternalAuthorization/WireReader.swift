/// A message of Protocol Buffers, field by field. Unknown fields are passed over; what breaks the encoding is an error.
struct WireReader {
    enum Value {
        case number(UInt64)
        case bytes(ArraySlice<UInt8>)
        /// Of 4 or 8 bytes, which nothing here has.
        case fixed

        var text: String {
            if case .bytes(let bytes) = self { String(decoding: bytes, as: UTF8.self) } else { "" }
        }

        var message: WireReader {
            if case .bytes(let bytes) = self { WireReader(bytes) } else { WireReader([]) }
        }

        var int: Int { if case .number(let number) = self { Int(truncatingIfNeeded: number) } else { 0 } }
    }

    private var rest: ArraySlice<UInt8>

    init(_ bytes: ArraySlice<UInt8>) { rest = bytes }

    /// - Returns: `nil` at the end.
    mutating func next() throws(WireError) -> (field: Int, value: Value)? {
        guard !rest.isEmpty else { return nil }
        let tag = try number()
        let field = Int(truncatingIfNeeded: tag >> 3)
        switch tag & 7 {
        case 0: return (field, .number(try number()))
        case 1: return (field, try fixed(8))
        case 2:
            let length = try number()
            guard length <= UInt64(rest.count) else { throw WireError() }
            defer { rest = rest.dropFirst(Int(length)) }
            return (field, .bytes(rest.prefix(Int(length))))
        case 5: return (field, try fixed(4))
        default: throw WireError()
        }
    }

    private mutating func fixed(_ count: Int) throws(WireError) -> Value {
        guard rest.count >= count else { throw WireError() }
        rest = rest.dropFirst(count)
        return .fixed
    }

    private mutating func number() throws(WireError) -> UInt64 {
        var result: UInt64 = 0
        for shift in stride(from: UInt64(0), to: 70, by: 7) {
            guard let byte = rest.popFirst() else { throw WireError() }
            result |= UInt64(byte & 0x7F) << shift
            if byte < 0x80 { return result }
        }
        throw WireError()
    }

    /// All fields, in their order.
    consuming func fields() throws(WireError) -> [(field: Int, value: Value)] {
        var found: [(field: Int, value: Value)] = []
        while let next = try next() { found.append(next) }
        return found
    }
}

/// The bytes are no message.
package struct WireError: Error, Sendable {}

/// Writes a message of Protocol Buffers.
struct WireWriter {
    private(set) var bytes: [UInt8] = []

    mutating func add(_ field: Int, number: Int) {
        tag(field, 0)
        varint(UInt64(bitPattern: Int64(number)))
    }

    mutating func add(_ field: Int, double: Double) {
        tag(field, 1)
        let bits = double.bitPattern
        bytes += (0..<8).map { UInt8(truncatingIfNeeded: bits >> (8 * $0)) }
    }

    mutating func add(_ field: Int, text: String) { add(field, bytes: Array(text.utf8)) }

    mutating func add(_ field: Int, bytes value: [UInt8]) {
        tag(field, 2)
        varint(UInt64(value.count))
        bytes += value
    }

    mutating func add(_ field: Int, _ write: (inout WireWriter) -> Void) {
        var inner = WireWriter()
        write(&inner)
        add(field, bytes: inner.bytes)
    }

    private mutating func tag(_ field: Int, _ type: UInt64) { varint(UInt64(field) << 3 | type) }

    private mutating func varint(_ value: UInt64) {
        var rest = value
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
    }
}
