/// Writes Protocol Buffers' wire format. Fields with their default value are left out, as the format wants.
struct ProtobufWriter {
    private(set) var bytes: [UInt8] = []

    mutating func add(_ field: Int, _ value: String?) {
        guard let value, !value.isEmpty else { return }
        addBytes(field, Array(value.utf8))
    }

    mutating func add(_ field: Int, _ value: Bool) {
        guard value else { return }
        addTag(field, wireType: 0)
        bytes.append(1)
    }

    mutating func add(_ field: Int, _ value: Int?) {
        guard let value, value != 0 else { return }
        addTag(field, wireType: 0)
        addVariableLength(UInt64(bitPattern: Int64(value)))
    }

    mutating func add(_ field: Int, _ value: Double?) {
        guard let value, value != 0 else { return }
        addTag(field, wireType: 1)
        withUnsafeBytes(of: value.bitPattern.littleEndian) { bytes += $0 }
    }

    /// Written even where it is 0.
    mutating func append(_ field: Int, integer: Int) {
        addTag(field, wireType: 0)
        addVariableLength(UInt64(bitPattern: Int64(integer)))
    }

    /// Written even where there are none.
    mutating func append(_ field: Int, bytes content: [UInt8]) { addBytes(field, content) }

    /// A message within the message; written even when it is empty, for its presence means something.
    mutating func add(_ field: Int, message build: (inout ProtobufWriter) -> Void) {
        var inner = ProtobufWriter()
        build(&inner)
        addBytes(field, inner.bytes)
    }

    private mutating func addBytes(_ field: Int, _ content: [UInt8]) {
        addTag(field, wireType: 2)
        addVariableLength(UInt64(content.count))
        bytes += content
    }

    private mutating func addTag(_ field: Int, wireType: Int) { addVariableLength(UInt64(field << 3 | wireType)) }

    private mutating func addVariableLength(_ value: UInt64) {
        var rest = value
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
    }
}
