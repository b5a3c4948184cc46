/// Reads SPDY/3.1 frames. Pure: bytes in, frames out. The data of a frame of any length is given out piece by piece.
struct SPDYDecoder {
    private var buffer: [UInt8] = []
    private var start = 0
    /// Of the data frame that is being read.
    private var data: (stream: UInt32, left: Int, isLast: Bool)?

    mutating func feed(_ bytes: [UInt8]) {
        buffer.removeSubrange(..<start)
        start = 0
        buffer += bytes
    }

    /// `nil` until there is more to read.
    mutating func next() throws(SPDYViolation) -> SPDYFrame? {
        if data == nil {
            guard buffer.count - start >= 8 else { return nil }
            guard number(start) >> 31 == 0 else { return try control() }
            let length = Int(number(start + 4) & 0xff_ffff)
            data = (number(start), length, buffer[start + 4] & 1 != 0)
            start += 8
        }
        return dataPiece()
    }

    private mutating func dataPiece() -> SPDYFrame? {
        guard let frame = data, start < buffer.count || frame.left == 0 else { return nil }
        let count = min(frame.left, buffer.count - start)
        let bytes = Array(buffer[start..<start + count])
        start += count
        let isOver = count == frame.left
        data = isOver ? nil : (frame.stream, frame.left - count, frame.isLast)
        return .data(stream: frame.stream, bytes: bytes, isLast: isOver && frame.isLast)
    }

    private mutating func control() throws(SPDYViolation) -> SPDYFrame? {
        let (version, type) = (number(start) >> 16 & 0x7fff, UInt16(number(start) & 0xffff))
        guard version == 3 else { throw SPDYViolation("frames of SPDY version \(version)") }
        let length = Int(number(start + 4) & 0xff_ffff)
        guard length <= SPDYFrame.controlLimit else { throw SPDYViolation("a control frame is too large") }
        guard buffer.count - start >= 8 + length else { return nil }
        let isLast = buffer[start + 4] & 1 != 0
        defer { start += 8 + length }
        return try frame(type, isLast, at: start + 8, length)
    }

    private func frame(_ type: UInt16, _ isLast: Bool, at place: Int, _ length: Int) throws(SPDYViolation) -> SPDYFrame
    {
        let least: [UInt16: Int] = [1: 10, 2: 4, 3: 8, 6: 4, 7: 8, 8: 4, 9: 8]
        guard length >= least[type] ?? 0 else { throw SPDYViolation("a control frame is too short") }
        let end = place + length
        func stream() -> UInt32 { number(place) & 0x7fff_ffff }
        switch type {
        case 1: return .synStream(stream: stream(), isLast: isLast, block: Array(buffer[place + 10..<end]))
        case 2: return .synReply(stream: stream(), isLast: isLast, block: Array(buffer[place + 4..<end]))
        case 3: return .reset(stream: stream(), status: number(place + 4))
        case 6: return .ping(number(place))
        case 7: return .goAway(lastStream: stream(), status: number(place + 4))
        case 8: return .headers(stream: stream(), isLast: isLast, block: Array(buffer[place + 4..<end]))
        case 9: return .windowUpdate(stream: stream(), delta: number(place + 4) & 0x7fff_ffff)
        default: return .other(type: type)
        }
    }

    private func number(_ place: Int) -> UInt32 { buffer[place..<place + 4].reduce(0) { $0 << 8 | UInt32($1) } }
}
