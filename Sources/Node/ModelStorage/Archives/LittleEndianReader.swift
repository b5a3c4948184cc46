/// Reads numbers from bytes, lowest byte first. Reading past the end is an `ArchiveError`.
struct LittleEndianReader {
    private var rest: ArraySlice<UInt8>

    init(_ bytes: [UInt8]) { rest = bytes[...] }

    var count: Int { rest.count }

    mutating func bytes(_ count: Int) throws -> [UInt8] {
        guard count <= rest.count else { throw ArchiveError.corrupt("it ends in the middle") }
        defer { rest = rest.dropFirst(count) }
        return Array(rest.prefix(count))
    }

    mutating func skip(_ count: Int) throws { _ = try bytes(count) }

    mutating func uint16() throws -> UInt16 { UInt16(try number(2)) }
    mutating func uint32() throws -> UInt32 { UInt32(try number(4)) }

    /// A number of 64 bits that is not negative.
    mutating func int64() throws -> Int64 {
        guard let value = Int64(exactly: try number(8)) else { throw ArchiveError.corrupt("a size is out of bounds") }
        return value
    }

    private mutating func number(_ count: Int) throws -> UInt64 {
        try bytes(count).reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }
}
