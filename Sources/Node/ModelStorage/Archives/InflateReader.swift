import CZlib

/// Reads compressed bytes of a file and gives out what they were before: piece by piece, in bounded memory.
final class InflateReader {
    enum Format { case raw, gzip }

    private static let inputSize = 256 << 10

    private let path: String
    private var source: FileSlice
    private var input = [UInt8](repeating: 0, count: inputSize)
    private var inputStart = 0
    private var inputEnd = 0
    private var isFinished = false
    private let isGzip: Bool
    // SAFETY: zlib's state points back to this struct, so it has a place of its own that does not move; made in
    // `init`, freed in `deinit`, used by this object only.
    private let stream: UnsafeMutablePointer<z_stream>

    init(_ source: FileSlice, format: Format) throws {
        path = source.path
        self.source = source
        isGzip = format == .gzip
        stream = .allocate(capacity: 1)
        stream.initialize(to: z_stream())
        let windowBits: Int32 = isGzip ? 15 + 16 : -15
        let result = inflateInit2_(stream, windowBits, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
        guard result == Z_OK else { throw ArchiveError.corrupt("it cannot be unpacked (zlib \(result))") }
    }

    deinit {
        inflateEnd(stream)
        stream.deinitialize(count: 1)
        stream.deallocate()
    }

    /// Fills the buffer; fewer bytes than it holds only at the end.
    func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
        var done = 0
        while done < buffer.count, !isFinished {
            if inputStart == inputEnd { try refill() }
            done += try step(UnsafeMutableRawBufferPointer(rebasing: buffer[done...]))
        }
        return done
    }

    private func refill() throws {
        inputStart = 0
        inputEnd = try input.withUnsafeMutableBytes { try source.read(into: $0) }
        guard inputEnd > 0 else { throw ArchiveError.corrupt("its compressed data ends in the middle") }
    }

    private func step(_ output: UnsafeMutableRawBufferPointer) throws -> Int {
        let result = input.withUnsafeMutableBytes { bytes in
            // SAFETY: zlib keeps neither pointer's bytes beyond the call: both are set anew for each.
            stream.pointee.next_in = bytes.baseAddress?.advanced(by: inputStart).assumingMemoryBound(to: UInt8.self)
            stream.pointee.avail_in = UInt32(inputEnd - inputStart)
            stream.pointee.next_out = output.baseAddress?.assumingMemoryBound(to: UInt8.self)
            stream.pointee.avail_out = UInt32(clamping: output.count)
            return inflate(stream, Z_NO_FLUSH)
        }
        inputStart = inputEnd - Int(stream.pointee.avail_in)
        let count = Int(UInt32(clamping: output.count) - stream.pointee.avail_out)
        switch result {
        case Z_OK, Z_BUF_ERROR: break
        case Z_STREAM_END: try finish()
        default: throw ArchiveError.corrupt("its compressed data is broken")
        }
        return count
    }

    /// A gzip file may be several, one after another.
    private func finish() throws {
        if isGzip, inputStart == inputEnd {
            inputStart = 0
            inputEnd = try input.withUnsafeMutableBytes { try source.read(into: $0) }
        }
        isFinished = !isGzip || inputStart == inputEnd || input[inputStart] != 0x1F
        if !isFinished { inflateReset(stream) }
    }
}

/// A stretch of a file, read from its beginning to its end.
struct FileSlice {
    let archive: ArchiveFile
    var offset: Int64
    var length: Int64

    var path: String { archive.path }

    mutating func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
        let wanted = Int(min(Int64(buffer.count), length))
        let count = try archive.read(into: UnsafeMutableRawBufferPointer(rebasing: buffer[..<wanted]), at: offset)
        offset += Int64(count)
        length -= Int64(count)
        return count
    }
}

/// A file that several readers share.
final class ArchiveFile {
    private let file: LocalFile
    let size: Int64
    var path: String { file.path }

    init(_ path: String) throws {
        file = try LocalFile(reading: path)
        size = try file.size()
    }

    func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int64) throws -> Int {
        try file.read(into: buffer, at: offset)
    }

    func bytes(_ count: Int, at offset: Int64) throws -> [UInt8] { try file.read(count, at: offset) }
}
