/// A frame of RFC 6455, as a server writes it: whole, without a mask.
enum WebSocketFrame {
    enum Opcode: UInt8, Sendable { case continuation = 0, text, binary, close = 8, ping, pong }

    static func bytes(_ opcode: Opcode, _ payload: some Collection<UInt8>) -> [UInt8] {
        var frame: [UInt8] = [0x80 | opcode.rawValue]
        switch payload.count {
        case ..<126: frame.append(UInt8(payload.count))
        case ...0xffff:
            frame.append(126)
            frame += [UInt8(payload.count >> 8), UInt8(payload.count & 0xff)]
        default:
            frame.append(127)
            frame += (0..<8).reversed().map { UInt8(truncatingIfNeeded: payload.count >> ($0 * 8)) }
        }
        frame.append(contentsOf: payload)
        return frame
    }
}

/// What a client did against RFC 6455, with the code for the closing frame.
struct WebSocketViolation: Error, Hashable {
    var code: UInt16
    var reason: String

    static func protocolError(_ reason: String) -> WebSocketViolation { WebSocketViolation(code: 1002, reason: reason) }
}
