/// Numbers and texts in the history's files: little-endian, lengths before what they are of.
extension [UInt8] {
    mutating func append(number: some FixedWidthInteger) {
        Swift.withUnsafeBytes(of: number.littleEndian) { append(contentsOf: $0) }
    }

    mutating func append(text: String) {
        append(number: UInt32(text.utf8.count))
        append(contentsOf: text.utf8)
    }
}

/// Reads them; every read beyond the end is `nil`.
struct ByteReader {
    private let bytes: ArraySlice<UInt8>
    private var index: Int

    init(_ bytes: ArraySlice<UInt8>) {
        self.bytes = bytes
        index = bytes.startIndex
    }

    var left: Int { bytes.endIndex - index }

    mutating func number<Number: FixedWidthInteger>(_: Number.Type) -> Number? {
        let size = MemoryLayout<Number>.size
        guard left >= size else { return nil }
        var number: Number = 0
        for offset in (0..<size).reversed() { number = number << 8 | Number(truncatingIfNeeded: bytes[index + offset]) }
        index += size
        return number
    }

    mutating func text() -> String? {
        guard let count = number(UInt32.self).map(Int.init), count <= left else { return nil }
        defer { index += count }
        return String(decoding: bytes[index..<index + count], as: UTF8.self)
    }

    mutating func slice(_ count: Int) -> ArraySlice<UInt8>? {
        guard count >= 0, count <= left else { return nil }
        defer { index += count }
        return bytes[index..<index + count]
    }
}

/// The check of a piece of a file: FNV-1a, 64 bits. It finds what was torn, not what was forged.
enum Checksum {
    static func of(_ bytes: ArraySlice<UInt8>) -> UInt64 {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        return hash
    }
}
