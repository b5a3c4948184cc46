/// Writes a tar file (ustar, with GNU's long names and sizes).
final class TarWriter {
    private static let pieceSize = 4 << 20

    private let file: LocalFile
    private var offset: Int64 = 0

    init(_ path: String) throws(FileError) {
        file = try LocalFile(writing: path)
        try file.truncate(to: 0)
    }

    func add(_ name: String, _ bytes: [UInt8]) throws {
        try addHeader(name, size: Int64(bytes.count))
        try write(bytes)
        try pad()
    }

    /// - Parameter progress: told how many more bytes were written.
    func add(_ name: String, file path: String, progress: (Int64) -> Void) throws {
        let source = try LocalFile(reading: path)
        let size = try source.size()
        try addHeader(name, size: size)
        var done: Int64 = 0
        while done < size {
            let piece = try source.read(Int(min(Int64(Self.pieceSize), size - done)), at: done)
            guard !piece.isEmpty else { throw ArchiveError.corrupt("\(path) became shorter") }
            try write(piece)
            done += Int64(piece.count)
            progress(Int64(piece.count))
        }
        try pad()
    }

    func finish() throws {
        try write([UInt8](repeating: 0, count: 1024))
        try file.sync()
    }

    private func addHeader(_ name: String, size: Int64) throws {
        if name.utf8.count > 100 {
            let bytes = Array(name.utf8) + [0]
            try write(Self.header("././@LongLink", size: Int64(bytes.count), type: UInt8(ascii: "L")))
            try write(bytes)
            try pad()
        }
        try write(
            Self.header(String(decoding: name.utf8.prefix(100), as: UTF8.self), size: size, type: UInt8(ascii: "0")))
    }

    private static func header(_ name: String, size: Int64, type: UInt8) -> [UInt8] {
        var header = [UInt8](repeating: 0, count: 512)
        func put(_ bytes: some Sequence<UInt8>, at start: Int) {
            for (index, byte) in bytes.enumerated() { header[start + index] = byte }
        }
        func octal(_ value: Int64, _ width: Int) -> [UInt8] {
            let digits = String(value, radix: 8)
            return Array((String(repeating: "0", count: max(0, width - digits.count)) + digits).utf8)
        }
        put(name.utf8.prefix(100), at: 0)
        put(octal(0o644, 7), at: 100)
        put(octal(0, 7), at: 108)
        put(octal(0, 7), at: 116)
        if size < 1 << 33 {
            put(octal(size, 11), at: 124)
        } else {
            header[124] = 0x80
            put((0..<8).map { UInt8(truncatingIfNeeded: size >> (56 - 8 * Int64($0))) }, at: 128)
        }
        put(octal(0, 11), at: 136)
        header[156] = type
        put("ustar\u{0}00".utf8, at: 257)
        put([UInt8](repeating: 0x20, count: 8), at: 148)
        let sum = header.reduce(0) { $0 + Int64($1) }
        put(octal(sum, 6) + [0, 0x20], at: 148)
        return header
    }

    private func write(_ bytes: [UInt8]) throws {
        try bytes.withUnsafeBytes { buffer in
            // SAFETY: the buffer is used within this closure only.
            try file.write(buffer, at: offset)
        }
        offset += Int64(bytes.count)
    }

    private func pad() throws { try write([UInt8](repeating: 0, count: Int((512 - offset % 512) % 512))) }
}
