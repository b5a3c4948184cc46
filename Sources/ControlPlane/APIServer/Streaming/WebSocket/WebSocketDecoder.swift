/// Reads what a WebSocket client sends. Pure: bytes in, events out. A message of any length is given out piece by
/// piece, so that no more is kept than has just come.
struct WebSocketDecoder {
    enum Event: Sendable, Hashable {
        /// A part of a message.
        case piece([UInt8], isFirst: Bool, isLast: Bool)
        case ping([UInt8])
        case pong
        case close
    }

    private struct Header {
        var opcode: WebSocketFrame.Opcode
        var isFinal: Bool
        var isFirst: Bool
        var left: Int
        var mask: [UInt8]
        var position = 0
    }

    private var buffer: [UInt8] = []
    private var start = 0
    private var header: Header?
    private var isInMessage = false
    private var isClosed = false

    mutating func feed(_ bytes: [UInt8]) {
        buffer.removeSubrange(..<start)
        start = 0
        buffer += bytes
    }

    /// `nil` until there is more to read.
    mutating func next() throws(WebSocketViolation) -> Event? {
        guard !isClosed else { return nil }
        if header == nil {
            header = try readHeader()
            guard let header else { return nil }
            if header.left == 0 || header.opcode.rawValue >= 8 { return try finishEmptyOrControl() }
        }
        guard var current = header else { return nil }
        if current.opcode.rawValue >= 8 { return try finishEmptyOrControl() }
        guard start < buffer.count else { return nil }
        let bytes = take(min(current.left, buffer.count - start), &current)
        let isFirst = current.isFirst
        current.isFirst = false
        header = current.left > 0 ? current : nil
        return piece(bytes, isFirst, isLast: current.left == 0 && current.isFinal)
    }

    private mutating func piece(_ bytes: [UInt8], _ isFirst: Bool, isLast: Bool) -> Event {
        isInMessage = !isLast
        return .piece(bytes, isFirst: isFirst, isLast: isLast)
    }

    /// Control frames come whole: they have 125 bytes at the most.
    private mutating func finishEmptyOrControl() throws(WebSocketViolation) -> Event? {
        guard var current = header, buffer.count - start >= current.left else { return nil }
        let bytes = take(current.left, &current)
        header = nil
        switch current.opcode {
        case .ping: return .ping(bytes)
        case .pong: return .pong
        case .close:
            isClosed = true
            return .close
        default: return piece(bytes, current.isFirst, isLast: current.isFinal)
        }
    }

    private mutating func take(_ count: Int, _ header: inout Header) -> [UInt8] {
        var bytes = Array(buffer[start..<start + count])
        start += count
        for index in bytes.indices { bytes[index] ^= header.mask[(header.position + index) & 3] }
        header.position += count
        header.left -= count
        return bytes
    }

    private mutating func readHeader() throws(WebSocketViolation) -> Header? {
        let rest = buffer[start...]
        guard rest.count >= 2 else { return nil }
        let (first, second) = (rest[start], rest[start + 1])
        guard first & 0x70 == 0 else { throw .protocolError("reserved bits are set") }
        guard let opcode = WebSocketFrame.Opcode(rawValue: first & 0x0f) else { throw .protocolError("unknown opcode") }
        guard second & 0x80 != 0 else { throw .protocolError("a client's frames are masked") }
        try check(opcode, isFinal: first & 0x80 != 0, short: Int(second & 0x7f))
        let extra = second & 0x7f == 126 ? 2 : second & 0x7f == 127 ? 8 : 0
        guard rest.count >= 6 + extra else { return nil }
        let long = rest[(start + 2)..<(start + 2 + extra)].reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        guard let length = Int(exactly: extra == 0 ? UInt64(second & 0x7f) : long) else {
            throw .protocolError("a frame's length has its first bit set")
        }
        let mask = Array(rest[(start + 2 + extra)..<(start + 6 + extra)])
        start += 6 + extra
        return Header(
            opcode: opcode, isFinal: first & 0x80 != 0, isFirst: opcode == .text || opcode == .binary, left: length,
            mask: mask)
    }

    private func check(
        _ opcode: WebSocketFrame.Opcode, isFinal: Bool, short: Int
    ) throws(WebSocketViolation) {
        switch opcode {
        case .continuation: if !isInMessage { throw .protocolError("nothing to continue") }
        case .text, .binary: if isInMessage { throw .protocolError("a message began within another") }
        default:
            if !isFinal || short > 125 { throw .protocolError("a control frame is long or fragmented") }
        }
    }
}
