/// Martlet's strict HTTP/1.1 request parser. It is given all bytes of the head received so far until it says that the
/// head is complete, and takes nothing apart: the result is offsets into those bytes.
///
/// There is no lenient mode: what two servers could read in two ways is an error (RFC 9112 where it says MUST, and
/// where it says MAY accept, this does not).
package struct RequestParser: Sendable {
    package private(set) var head = RequestHead()
    var scanner: HeadScanner

    package init(limits: HeadLimits = HeadLimits()) { scanner = HeadScanner(limits: limits) }

    package var fields: [HeaderField] { scanner.fields }

    /// Leaves fields out of what is passed on.
    ///
    /// - Parameter names: in lower case. Those that say where a message ends are never among them.
    package mutating func drop(_ names: [[UInt8]], in bytes: Span<UInt8>) { scanner.drop(names, in: bytes) }

    /// Ready for the next request; keeps its memory.
    package mutating func reset() {
        scanner.reset()
        head = RequestHead()
    }

    /// - Parameter bytes: All bytes received since the request began; what follows the head is not looked at.
    /// - Returns: Whether the head is complete. If so, `head` and `fields` tell what it says.
    package mutating func parse(_ bytes: Span<UInt8>) throws(FramingError) -> Bool {
        guard let length = try scanner.scan(bytes) else { return false }
        head.length = length
        try readRequestLine(bytes)
        try readHost(bytes)
        try readFraming(bytes)
        try readConnection(bytes)
        return true
    }

    private mutating func readRequestLine(_ bytes: Span<UInt8>) throws(FramingError) {
        let line = scanner.startLine
        guard let methodEnd = bytes.space(in: line) else { throw .malformedStartLine }
        head.methodRange = line.lowerBound..<methodEnd
        head.method = try Self.method(head.methodRange, in: bytes)
        let rest = (methodEnd + 1)..<line.upperBound
        guard let targetEnd = bytes.space(in: rest) else { throw .malformedStartLine }
        try readVersion((targetEnd + 1)..<line.upperBound, in: bytes)
        try readTarget(rest.lowerBound..<targetEnd, in: bytes)
    }

    private static func method(_ range: Range<Int>, in bytes: Span<UInt8>) throws(FramingError) -> RequestMethod {
        guard 1...32 ~= range.count else { throw .malformedMethod }
        for index in range {
            let byte = bytes[index]
            guard byte &- UInt8(ascii: "A") < 26 || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_") else {
                throw .malformedMethod
            }
        }
        switch range.count {
        case 3 where bytes.equals("get", in: range): return .get
        case 4 where bytes.equals("head", in: range): return .head
        case 4 where bytes.equals("post", in: range): return .post
        case 7 where bytes.equals("options", in: range): return .options
        // CONNECT is for forward proxies; TRACE would echo credentials; PRI is HTTP/2's preface.
        case 7 where bytes.equals("connect", in: range): throw .unsupportedMethod
        case 5 where bytes.equals("trace", in: range): throw .unsupportedMethod
        default: return .other
        }
    }

    private mutating func readVersion(_ range: Range<Int>, in bytes: Span<UInt8>) throws(FramingError) {
        guard range.count == 8, bytes[range.lowerBound] == UInt8(ascii: "H"),
            bytes[range.lowerBound + 1] == UInt8(ascii: "T"), bytes[range.lowerBound + 2] == UInt8(ascii: "T"),
            bytes[range.lowerBound + 3] == UInt8(ascii: "P"), bytes[range.lowerBound + 4] == UInt8(ascii: "/"),
            bytes[range.lowerBound + 5].isDigit, bytes[range.lowerBound + 6] == UInt8(ascii: "."),
            bytes[range.lowerBound + 7].isDigit
        else { throw .malformedStartLine }
        switch (bytes[range.lowerBound + 5], bytes[range.lowerBound + 7]) {
        case (UInt8(ascii: "1"), UInt8(ascii: "1")): head.isVersion10 = false
        case (UInt8(ascii: "1"), UInt8(ascii: "0")): head.isVersion10 = true
        default: throw .unsupportedVersion
        }
    }

    private mutating func readFraming(_ bytes: Span<UInt8>) throws(FramingError) {
        head.framing = try scanner.declaredFraming(in: bytes) ?? .none
        if head.isVersion10, head.framing == .chunked { throw .unsupportedTransferEncoding }
        if head.framing == .length(0) { head.framing = .none }
        for field in scanner.fields where field.kind == .expect && !field.isDropped {
            guard bytes.equals("100-continue", in: field.value) else { throw .unsupportedExpectation }
            head.expectsContinue = !head.isVersion10 && head.framing != .none
        }
    }

    private mutating func readConnection(_ bytes: Span<UInt8>) throws(FramingError) {
        let options = try scanner.connectionOptions(in: bytes)
        head.keepsAlive = !options.close && !head.isVersion10
        for field in scanner.fields where !field.isDropped {
            switch field.kind {
            case .te where options.te: head.acceptsTrailers = bytes.contains("trailers", inListAt: field.value)
            case .upgrade where options.upgrade && !head.isVersion10 && head.framing == .none:
                head.upgradesToWebSocket = bytes.equals("websocket", in: field.value)
            case .accept:
                bytes.forEachElement(of: field.value) { element in
                    if bytes.hasPrefix("text/event-stream", in: element) { head.acceptsEvents = true }
                }
            case .contentType: head.isGRPC = bytes.isGRPC(field.value)
            case .routeTag: head.routeTag = field.value
            case .traceparent: head.traceparent = field.value
            case .networkProbe: head.networkProbe = NetworkProbe(bytes.extracting(field.value))
            case .prefer: head.preferences.read(field.value, in: bytes)
            case .credential: head.credential = HeaderHash.of(bytes.extracting(field.value))
            default: break
            }
        }
    }
}

extension RequestParser {
    private mutating func readTarget(_ target: Range<Int>, in bytes: Span<UInt8>) throws(FramingError) {
        guard !target.isEmpty else { throw .malformedTarget }
        let allowed = ByteClass.target
        for index in target where !allowed.contains(bytes[index]) { throw .malformedTarget }
        if bytes[target.lowerBound] == UInt8(ascii: "/") {
            splitPath(target, in: bytes)
        } else if target.count == 1, bytes[target.lowerBound] == UInt8(ascii: "*"), head.method == .options {
            head.isAsterisk = true
        } else {
            try readAbsoluteTarget(target, in: bytes)
        }
    }

    private mutating func splitPath(_ target: Range<Int>, in bytes: Span<UInt8>) {
        var end = target.lowerBound
        while end < target.upperBound, bytes[end] != UInt8(ascii: "?") { end += 1 }
        head.path = target.lowerBound..<end
        head.query = end..<target.upperBound
    }

    /// `http://authority/path`, as clients write it to a proxy. RFC 9112 section 3.2.2.
    private mutating func readAbsoluteTarget(_ target: Range<Int>, in bytes: Span<UInt8>) throws(FramingError) {
        let scheme = bytes.hasPrefix("http://", in: target) ? 7 : bytes.hasPrefix("https://", in: target) ? 8 : 0
        guard scheme > 0 else { throw .malformedTarget }
        let start = target.lowerBound + scheme
        var end = start
        while end < target.upperBound, bytes[end] != UInt8(ascii: "/"), bytes[end] != UInt8(ascii: "?") { end += 1 }
        guard end > start else { throw .malformedTarget }
        head.authority = start..<end
        splitPath(end..<target.upperBound, in: bytes)
    }

    private mutating func readHost(_ bytes: Span<UInt8>) throws(FramingError) {
        var value: Range<Int>?
        for field in scanner.fields where field.kind == .host && !field.isDropped {
            if value != nil { throw .duplicateHost }
            value = field.value
        }
        guard let value else {
            guard head.isVersion10 else { throw .missingHost }
            if !head.authority.isEmpty { head.host = try bytes.hostName(in: head.authority) }
            return
        }
        head.hasHostField = true
        head.host = try bytes.hostName(in: value)
        if !head.authority.isEmpty, !bytes.equalIgnoringCase(head.authority, value) { throw .hostMismatch }
        head.authority = value
    }
}

extension Span<UInt8> {
    /// `application/grpc`, with a format (`+proto`) or parameters; not gRPC-Web, whose answers are others.
    fileprivate func isGRPC(_ type: Range<Int>) -> Bool {
        let bare = "application/grpc".utf8.count
        guard hasPrefix("application/grpc", in: type) else { return false }
        guard type.count > bare else { return true }
        return [UInt8(ascii: "+"), UInt8(ascii: ";"), .space].contains(self[type.lowerBound + bare])
    }

    fileprivate func space(in range: Range<Int>) -> Int? {
        for index in range where self[index] == .space { return index }
        return nil
    }

    fileprivate func contains(_ literal: StaticString, inListAt range: Range<Int>) -> Bool {
        var isFound = false
        forEachElement(of: range) { if equals(literal, in: $0) { isFound = true } }
        return isFound
    }

    /// The host of an authority without its port and trailing dot: a name, an IPv4 or a bracketed IPv6 address.
    fileprivate func hostName(in authority: Range<Int>) throws(FramingError) -> Range<Int> {
        guard !authority.isEmpty else { throw .malformedHost }
        var end = authority.lowerBound
        if self[end] == UInt8(ascii: "[") {
            let inside = ByteClass.hexColonDot
            end += 1
            while end < authority.upperBound, inside.contains(self[end]) { end += 1 }
            guard end < authority.upperBound, self[end] == UInt8(ascii: "]"), end > authority.lowerBound + 2 else {
                throw .malformedHost
            }
            end += 1
        } else {
            let name = ByteClass.hostName
            while end < authority.upperBound, name.contains(self[end]) { end += 1 }
        }
        try checkPort(end..<authority.upperBound)
        if end > authority.lowerBound, self[end - 1] == UInt8(ascii: ".") { end -= 1 }
        guard end > authority.lowerBound else { throw .malformedHost }
        return authority.lowerBound..<end
    }

    private func checkPort(_ range: Range<Int>) throws(FramingError) {
        guard !range.isEmpty else { return }
        guard self[range.lowerBound] == UInt8(ascii: ":"), range.count <= 6 else { throw .malformedHost }
        for index in range.dropFirst() where !self[index].isDigit { throw .malformedHost }
    }
}
