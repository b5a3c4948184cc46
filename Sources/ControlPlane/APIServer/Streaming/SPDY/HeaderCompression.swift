import CZlib

/// One direction's headers: a zlib stream that lasts as long as the connection, begun with `SPDYDictionary`.
final class HeaderCompression {
    enum Direction { case deflating, inflating }

    /// A block of headers that inflates to more than this is refused.
    static let limit = 64 << 10

    private let direction: Direction
    // SAFETY: zlib's state points back to this struct, so it has a place of its own that does not move; made in
    // `init`, freed in `deinit`, used by this object only.
    private let stream: UnsafeMutablePointer<z_stream>

    init(_ direction: Direction) {
        self.direction = direction
        stream = .allocate(capacity: 1)
        stream.initialize(to: z_stream())
        let size = Int32(MemoryLayout<z_stream>.size)
        switch direction {
        case .inflating: inflateInit_(stream, ZLIB_VERSION, size)
        case .deflating:
            deflateInit_(stream, Z_BEST_COMPRESSION, ZLIB_VERSION, size)
            deflateSetDictionary(stream, SPDYDictionary.bytes, UInt32(SPDYDictionary.bytes.count))
        }
    }

    deinit {
        switch direction {
        case .inflating: inflateEnd(stream)
        case .deflating: deflateEnd(stream)
        }
        stream.deinitialize(count: 1)
        stream.deallocate()
    }

    /// The next block of the stream.
    ///
    /// - Throws: `SPDYViolation` where it is no zlib, of another dictionary, or too large.
    func code(_ block: some Collection<UInt8>) throws(SPDYViolation) -> [UInt8] {
        var input = Array(block)
        var output: [UInt8] = []
        var consumed = 0
        while true {
            var piece = [UInt8](repeating: 0, count: 4_096)
            let result = step(&input, &consumed, &piece)
            output += piece.prefix(piece.count - Int(stream.pointee.avail_out))
            guard output.count <= Self.limit else { throw SPDYViolation("a block of headers is too large") }
            switch result {
            case Z_NEED_DICT:
                let set = inflateSetDictionary(stream, SPDYDictionary.bytes, UInt32(SPDYDictionary.bytes.count))
                guard set == Z_OK else { throw SPDYViolation("headers are compressed against another dictionary") }
            case Z_OK: if consumed == input.count, stream.pointee.avail_out > 0 { return output }
            case Z_BUF_ERROR where consumed == input.count: return output
            default: throw SPDYViolation("headers are not compressed as they ought to be")
            }
        }
    }

    private func step(_ input: inout [UInt8], _ consumed: inout Int, _ output: inout [UInt8]) -> Int32 {
        input.withUnsafeMutableBufferPointer { input in
            output.withUnsafeMutableBufferPointer { output in
                // SAFETY: zlib keeps neither pointer beyond the call: both are set anew for each.
                stream.pointee.next_in = input.baseAddress?.advanced(by: consumed)
                stream.pointee.avail_in = UInt32(input.count - consumed)
                stream.pointee.next_out = output.baseAddress
                stream.pointee.avail_out = UInt32(output.count)
                let result =
                    direction == .inflating ? inflate(stream, Z_SYNC_FLUSH) : deflate(stream, Z_SYNC_FLUSH)
                consumed = input.count - Int(stream.pointee.avail_in)
                return result
            }
        }
    }
}
