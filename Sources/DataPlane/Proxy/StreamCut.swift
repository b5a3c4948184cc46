import HTTPFraming

/// What is sent to a client whose event stream ends before its time, so that it sees an error in OpenAI's shape rather
/// than an end. The connection is closed after it without the ending that a complete response has.
enum StreamCut {
    /// - Parameters:
    ///   - room: What the response's framing still allows.
    ///   - isBetweenEvents: Whether the last event that was passed on is complete.
    /// - Returns: `nil` where the framing leaves no room: the cut connection has to speak for itself.
    static func bytes(_ error: GatewayError, room: BodyTracker.Room, isBetweenEvents: Bool) -> [UInt8]? {
        let event = Array(((isBetweenEvents ? "" : "\n\n") + "data: \(error.json)\n\n").utf8)
        switch room {
        case .any: return event
        // Not all of what was announced: the message must stay incomplete.
        case .bytes(let left): return event.count < left ? event : nil
        case .newChunk: return Array("\(String(event.count, radix: 16))\r\n".utf8) + event + Array("\r\n".utf8)
        case .none: return nil
        }
    }
}

/// Whether a stream of server-sent events stands between two events, told from the bytes as they pass.
struct EventBoundary: Sendable {
    private var isLineEmpty = true
    private var isAfterEvent = true

    /// At the beginning, and after an empty line.
    var isBetweenEvents: Bool { isAfterEvent && isLineEmpty }

    mutating func pass(_ bytes: Span<UInt8>) {
        // The last four bytes decide, unless there are fewer.
        var index = max(0, bytes.count - 4)
        while index < bytes.count {
            take(bytes[index])
            index += 1
        }
    }

    private mutating func take(_ byte: UInt8) {
        switch byte {
        case UInt8(ascii: "\n"):
            isAfterEvent = isLineEmpty
            isLineEmpty = true
        case UInt8(ascii: "\r"): break
        default:
            isLineEmpty = false
            isAfterEvent = false
        }
    }
}
