/// Reads a tar file (ustar, with pax's and GNU's long names), packed by gzip or not, from its beginning to its end.
struct TarArchive {
    struct Entry: Hashable {
        var path: String
        var isDirectory: Bool
        var size: Int64
    }

    private let reader: TarBytes
    private static let headerLimit: Int64 = 1 << 20
    private let isWanted: (String) -> Bool

    /// - Parameter isWanted: whether an entry counts at all, by its name without needless dots and slashes.
    init(_ path: String, where isWanted: @escaping (String) -> Bool = { _ in true }) throws {
        self.isWanted = isWanted
        let file = try ArchiveFile(path)
        reader = try TarBytes(FileSlice(archive: file, offset: 0, length: file.size))
    }

    /// Calls `unpack` for each entry, with a function that gives the next bytes of it (an empty array at its end), of
    /// which all must be taken.
    ///
    /// - Throws: `ArchiveError`, also for links, devices and paths that lead elsewhere; `FileError`.
    func forEach(_ unpack: (Entry, () throws -> [UInt8]) throws -> Void) throws {
        var longName: String?
        var longSize: Int64?
        while let header = try nextHeader() {
            let size = header.type == .file ? longSize ?? header.size : header.size
            switch header.type {
            case .longName:
                longName = String(decoding: try text(size).prefix { $0 != 0 }, as: UTF8.self)
            case .extended:
                let records = PaxRecords(try text(size))
                longName = records["path"] ?? longName
                longSize = records["size"].flatMap { Int64($0) } ?? longSize
            case .global: _ = try text(size)
            case .file, .directory, .forbidden:
                let name = longName ?? header.name
                (longName, longSize) = (nil, nil)
                if !isWanted(SafePath.shortened(name)) {
                    try skip(header.type == .directory ? 0 : size)
                } else if header.type == .forbidden {
                    throw ArchiveError.unsafe("its entry \(name) is a link or a device")
                } else {
                    try entry(name, header.type == .directory, size, unpack)
                }
            }
        }
    }

    private func entry(
        _ name: String, _ isDirectory: Bool, _ size: Int64, _ unpack: (Entry, () throws -> [UInt8]) throws -> Void
    ) throws {
        guard let path = SafePath.relative(name) else {
            throw ArchiveError.unsafe("its entry \(name) would be written elsewhere")
        }
        guard size >= 0 else { throw ArchiveError.corrupt("a size is out of bounds") }
        var left = isDirectory ? 0 : size
        try unpack(Entry(path: path, isDirectory: isDirectory, size: left)) {
            let piece = try bytes(Int(min(left, 1 << 20)))
            left -= Int64(piece.count)
            return piece
        }
        try skipPadding(size)
    }

    private func skip(_ size: Int64) throws {
        guard size >= 0 else { throw ArchiveError.corrupt("a size is out of bounds") }
        var left = size
        while left > 0 { left -= Int64(try bytes(Int(min(left, 1 << 20))).count) }
        try skipPadding(size)
    }

    private func nextHeader() throws -> TarHeader? {
        let block = try bytes(512, mayEnd: true)
        guard block.count == 512, block.contains(where: { $0 != 0 }) else { return nil }
        return try TarHeader(block)
    }

    /// The contents of an entry that is part of the format.
    private func text(_ size: Int64) throws -> [UInt8] {
        guard (0...Self.headerLimit).contains(size) else { throw ArchiveError.corrupt("a header is too large") }
        let bytes = try bytes(Int(size))
        try skipPadding(size)
        return bytes
    }

    private func skipPadding(_ size: Int64) throws { _ = try bytes(Int((512 - size % 512) % 512)) }

    private func bytes(_ count: Int, mayEnd: Bool = false) throws -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        let got = try bytes.withUnsafeMutableBytes { try reader.read(into: $0) }
        guard got == count || mayEnd else { throw ArchiveError.corrupt("it ends in the middle") }
        return Array(bytes.prefix(got))
    }
}

/// The bytes of a tar file, unpacked where they begin as gzip's do.
private final class TarBytes {
    private var plain: FileSlice
    private let inflated: InflateReader?

    init(_ file: FileSlice) throws {
        plain = file
        let isPacked = try file.archive.bytes(2, at: 0) == [0x1F, 0x8B]
        inflated = isPacked ? try InflateReader(file, format: .gzip) : nil
    }

    /// Fills the buffer; fewer bytes than it holds only at the end.
    func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
        try inflated?.read(into: buffer) ?? plain.read(into: buffer)
    }
}
