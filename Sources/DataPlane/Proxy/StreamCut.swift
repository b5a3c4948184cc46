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
