/// What a response's head says, as offsets into the received bytes.
package struct ResponseHead: Sendable, Hashable {
    /// With the blank line at its end.
    package var length = 0
    package var status = 0
    /// The status and the reason: `200 OK`.
    package var statusLine = 0..<0
    package var framing = BodyFraming.none
    /// Whether the server will take another request on this connection.
    package var keepsAlive = false
    package var kind = AnswerKind.other

    package init() {}

    /// 100 to 199 without 101: the real response follows.
    package var isInformational: Bool { status < 200 && status != 101 }
}

/// The strict parser for responses; see `RequestParser`.
package struct ResponseParser: Sendable {
    package private(set) var head = ResponseHead()
    var scanner: HeadScanner

    package init(limits: HeadLimits = HeadLimits()) { scanner = HeadScanner(limits: limits) }

    package var fields: [HeaderField] { scanner.fields }

    /// Leaves fields out of what is passed on; see `RequestParser.drop`.
    package mutating func drop(_ names: [[UInt8]], in bytes: Span<UInt8>) { scanner.drop(names, in: bytes) }

    package mutating func reset() {
        scanner.reset()
        head = ResponseHead()
    }

    /// - Parameters:
    ///   - bytes: All bytes received since the response began.
    ///   - isToHead: Whether the request was HEAD, whose responses have no body whatever their fields say.
    package mutating func parse(_ bytes: Span<UInt8>, isToHead: Bool) throws(FramingError) -> Bool {
        guard let length = try scanner.scan(bytes) else { return false }
        head.length = length
        let isVersion10 = try readStatusLine(bytes)
        let declared = try scanner.declaredFraming(in: bytes)
        if isVersion10, declared == .chunked { throw .unsupportedTransferEncoding }
        let hasNoBody = isToHead || head.status < 200 || head.status == 204 || head.status == 304
        head.framing = hasNoBody || declared == .length(0) ? .none : declared ?? .untilClose
        if head.status < 200 || head.status == 204 { scanner.dropFraming() }
        let options = try scanner.connectionOptions(in: bytes)
        head.keepsAlive = !options.close && (!isVersion10 || options.keepAlive) && head.framing != .untilClose
        readContentType(bytes)
        return true
    }

    /// - Returns: Whether the server speaks HTTP/1.0.
    private mutating func readStatusLine(_ bytes: Span<UInt8>) throws(FramingError) -> Bool {
        let line = scanner.startLine
        guard line.count >= 12, bytes.equals("http/1.", in: line.lowerBound..<(line.lowerBound + 7)),
            bytes[line.lowerBound] == UInt8(ascii: "H"), bytes[line.lowerBound + 8] == .space
        else { throw .malformedStartLine }
        let minor = bytes[line.lowerBound + 7]
        guard minor == UInt8(ascii: "1") || minor == UInt8(ascii: "0") else { throw .unsupportedVersion }
        let digits = (line.lowerBound + 9)..<(line.lowerBound + 12)
        for index in digits {
            guard bytes[index].isDigit else { throw .malformedStatus }
            head.status = head.status * 10 + Int(bytes[index] - UInt8(ascii: "0"))
        }
        guard 100...599 ~= head.status, line.count == 12 || bytes[digits.upperBound] == .space else {
            throw .malformedStatus
        }
        for index in digits.upperBound..<line.upperBound where !bytes[index].isFieldValueByte {
            throw .controlCharacter
        }
        head.statusLine = digits.lowerBound..<line.upperBound
        return minor == UInt8(ascii: "0")
    }

    private mutating func readContentType(_ bytes: Span<UInt8>) {
        for field in scanner.fields where field.kind == .contentType {
            head.kind =
                bytes.hasPrefix("text/event-stream", in: field.value)
                ? .events : bytes.hasPrefix("application/json", in: field.value) ? .json : .other
        }
    }
}
