/// The directory of a zip file (PKWARE's APPNOTE 6.3, with zip64; neither encrypted nor split).
struct ZipArchive {
    struct Entry: Hashable {
        var path: String
        var isDirectory: Bool
        /// 0: stored as is; 8: deflated.
        var method: UInt16
        var crc32: UInt32
        var compressedSize: Int64
        var size: Int64
        var headerOffset: Int64
    }

    private static let directoryLimit: Int64 = 256 << 20

    let file: ArchiveFile
    private(set) var entries: [Entry] = []

    /// - Throws: `ArchiveError`, also where an entry would lead out of the directory it is unpacked to; `FileError`.
    init(_ path: String) throws {
        file = try ArchiveFile(path)
        let (offset, size, count) = try Self.directory(file)
        guard size <= Self.directoryLimit, offset >= 0, offset + size <= file.size else {
            throw ArchiveError.corrupt("its directory is out of bounds")
        }
        var reader = LittleEndianReader(try file.bytes(Int(size), at: offset))
        for _ in 0..<count { entries.append(try Self.entry(&reader)) }
    }

    /// Where the directory is, and how many entries it has.
    private static func directory(_ file: ArchiveFile) throws -> (offset: Int64, size: Int64, count: Int64) {
        let tailSize = min(file.size, 65_557)
        let tail = try file.bytes(Int(tailSize), at: file.size - tailSize)
        let signature: [UInt8] = [0x50, 0x4B, 5, 6]
        guard tail.count >= 22,
            let start = stride(from: tail.count - 22, through: 0, by: -1).first(where: {
                tail[$0..<$0 + 4].elementsEqual(signature)
            })
        else { throw ArchiveError.corrupt("it is no zip file, or it ends in the middle") }
        var reader = LittleEndianReader(Array(tail[(start + 10)...]))
        let count = try reader.uint16()
        let size = try reader.uint32()
        let offset = try reader.uint32()
        guard count == .max || size == .max || offset == .max else { return (Int64(offset), Int64(size), Int64(count)) }
        return try largeDirectory(file, before: file.size - tailSize + Int64(start))
    }

    /// zip64's way to say the same.
    private static func largeDirectory(
        _ file: ArchiveFile, before end: Int64
    ) throws -> (offset: Int64, size: Int64, count: Int64) {
        var locator = LittleEndianReader(try file.bytes(20, at: max(end - 20, 0)))
        guard try locator.uint32() == 0x0706_4B50 else { throw ArchiveError.corrupt("it lacks zip64's directory") }
        try locator.skip(4)
        let position = try locator.int64()
        guard position <= file.size else { throw ArchiveError.corrupt("zip64's directory is out of bounds") }
        var record = LittleEndianReader(try file.bytes(56, at: position))
        guard try record.uint32() == 0x0606_4B50 else { throw ArchiveError.corrupt("it lacks zip64's directory") }
        try record.skip(28)
        let count = try record.int64()
        let size = try record.int64()
        return (try record.int64(), size, count)
    }

    private static func entry(_ reader: inout LittleEndianReader) throws -> Entry {
        guard try reader.uint32() == 0x0201_4B50 else { throw ArchiveError.corrupt("its directory is broken") }
        try reader.skip(4)
        let flags = try reader.uint16()
        let method = try reader.uint16()
        try reader.skip(4)
        let crc32 = try reader.uint32()
        let compressedSize = try reader.uint32()
        let size = try reader.uint32()
        let nameLength = try reader.uint16()
        let extraLength = try reader.uint16()
        let commentLength = try reader.uint16()
        try reader.skip(4)
        let attributes = try reader.uint32()
        let headerOffset = try reader.uint32()
        let name = String(decoding: try reader.bytes(Int(nameLength)), as: UTF8.self)
        var entry = Entry(
            path: name, isDirectory: name.hasSuffix("/"), method: method, crc32: crc32,
            compressedSize: Int64(compressedSize), size: Int64(size), headerOffset: Int64(headerOffset))
        try entry.enlarge(try reader.bytes(Int(extraLength)))
        try reader.skip(Int(commentLength))
        try entry.check(flags: flags, mode: attributes >> 16)
        return entry
    }

    /// The compressed bytes of an entry.
    func data(of entry: Entry) throws -> FileSlice {
        var header = LittleEndianReader(try file.bytes(30, at: entry.headerOffset))
        guard try header.uint32() == 0x0403_4B50 else {
            throw ArchiveError.corrupt("\(entry.path) is not where it should be")
        }
        try header.skip(22)
        let start = entry.headerOffset + 30 + Int64(try header.uint16()) + Int64(try header.uint16())
        guard start + entry.compressedSize <= file.size else { throw ArchiveError.corrupt("it ends in the middle") }
        return FileSlice(archive: file, offset: start, length: entry.compressedSize)
    }
}

extension ZipArchive.Entry {
    /// Takes the sizes that do not fit 32 bits from the zip64 field.
    fileprivate mutating func enlarge(_ extra: [UInt8]) throws {
        var reader = LittleEndianReader(extra)
        while reader.count >= 4 {
            let identifier = try reader.uint16()
            var field = LittleEndianReader(try reader.bytes(Int(try reader.uint16())))
            guard identifier == 1 else { continue }
            let large = Int64(UInt32.max)
            if size == large { size = try field.int64() }
            if compressedSize == large { compressedSize = try field.int64() }
            if headerOffset == large { headerOffset = try field.int64() }
        }
    }

    fileprivate mutating func check(flags: UInt16, mode: UInt32) throws {
        guard let safe = SafePath.relative(path) else {
            throw ArchiveError.unsafe("its entry \(path) would be written elsewhere")
        }
        path = safe
        let type = mode & 0o170000
        guard type == 0 || type == 0o100000 || type == 0o040000 else {
            throw ArchiveError.unsafe("its entry \(path) is neither a file nor a directory")
        }
        guard flags & 1 == 0 else { throw ArchiveError.corrupt("\(path) is encrypted") }
        guard method == 0 || method == 8 else { throw ArchiveError.corrupt("\(path) is packed in an unknown way") }
    }
}
