import CZlib

/// Makes zip files for tests, also such as should not be.
struct ZipWriter {
    private(set) var bytes: [UInt8] = []
    private var directory: [UInt8] = []
    private var count = 0

    mutating func add(
        _ name: String, _ contents: [UInt8], deflated: Bool = true, mode: UInt32 = 0o100644, flags: Int = 0,
        sum: UInt? = nil
    ) {
        let data = deflated ? Self.deflate(contents) : contents
        let common =
            little(flags, 2) + little(deflated ? 8 : 0, 2) + little(0, 4)
            + little(Int(sum ?? crc32(0, contents, UInt32(contents.count))), 4)
            + little(data.count, 4) + little(contents.count, 4) + little(name.utf8.count, 2)
        directory += little(0x0201_4B50, 4) + little(0x0314, 2) + little(20, 2) + common
        directory += little(0, 2) + little(0, 2) + little(0, 2) + little(0, 2)
        directory += little(Int(mode) << 16, 4) + little(bytes.count, 4) + Array(name.utf8)
        bytes += little(0x0403_4B50, 4) + little(20, 2) + common + little(0, 2) + Array(name.utf8) + data
        count += 1
    }

    /// The whole file.
    func finished() -> [UInt8] {
        bytes + directory + little(0x0605_4B50, 4) + little(0, 4) + little(count, 2) + little(count, 2)
            + little(directory.count, 4) + little(bytes.count, 4) + little(0, 2)
    }

    private func little(_ value: Int, _ width: Int) -> [UInt8] {
        (0..<width).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }

    /// - Parameter windowBits: -15 for raw data, 31 for gzip.
    static func deflate(_ contents: [UInt8], windowBits: Int32 = -15) -> [UInt8] {
        var input = contents
        var stream = z_stream()
        deflateInit2_(
            &stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, windowBits, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION,
            Int32(MemoryLayout<z_stream>.size))
        defer { deflateEnd(&stream) }
        var output = [UInt8](repeating: 0, count: Int(deflateBound(&stream, UInt(contents.count))) + 64)
        input.withUnsafeMutableBufferPointer { input in
            output.withUnsafeMutableBufferPointer { output in
                stream.next_in = input.baseAddress
                stream.avail_in = UInt32(input.count)
                stream.next_out = output.baseAddress
                stream.avail_out = UInt32(output.count)
                _ = CZlib.deflate(&stream, Z_FINISH)
            }
        }
        return Array(output.prefix(Int(stream.total_out)))
    }
}

/// Makes .tar.gz files for tests.
struct TarWriterForTests {
    private var bytes: [UInt8] = []

    mutating func add(_ name: String, _ contents: [UInt8], type: Character = "0") {
        var header = [UInt8](repeating: 0, count: 512)
        func put(_ text: String, at offset: Int) {
            for (index, byte) in text.utf8.enumerated() { header[offset + index] = byte }
        }
        put(String(name.prefix(100)), at: 0)
        put("0000644\0", at: 100)
        let size = String(contents.count, radix: 8)
        put(String(repeating: "0", count: 11 - size.count) + size, at: 124)
        put("        ", at: 148)
        put(String(type), at: 156)
        put("ustar\u{0}00", at: 257)
        let sum = String(header.reduce(0) { $0 + Int($1) }, radix: 8)
        put(String(repeating: "0", count: 6 - sum.count) + sum + "\u{0} ", at: 148)
        bytes += header + contents + [UInt8](repeating: 0, count: (512 - contents.count % 512) % 512)
    }

    func finished() -> [UInt8] {
        ZipWriter.deflate(bytes + [UInt8](repeating: 0, count: 1024), windowBits: 31)
    }
}
