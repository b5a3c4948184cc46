/// Changes a request's head that this proxy has written: the path, the host, and which fields it has.
package struct HeadFilter: Sendable {
    private let parser: RequestParser

    /// - Parameter head: as `RequestRewriter` writes it, with the empty line at its end.
    package init(_ head: Span<UInt8>) throws(FramingError) {
        var parser = RequestParser(limits: HeadLimits(byteCount: head.count + 1, fieldCount: 1_024))
        guard try parser.parse(head) else { throw .headTooLarge }
        self.parser = parser
    }

    package var path: Range<Int> { parser.head.path }

    /// The head without the empty line at its end.
    ///
    /// - Parameters:
    ///   - head: the same bytes.
    ///   - path: in the place of the request's; `nil`: it stays.
    ///   - host: the same.
    ///   - removed: names in lower case; those that say where the message ends stay.
    package func write(
        _ head: Span<UInt8>, path: [UInt8]?, host: [UInt8]?, removed: [[UInt8]], to output: inout OutputRawSpan
    ) {
        var parser = parser
        parser.drop(removed, in: head)
        let line = parser.head
        output.append(line.methodRange.lowerBound..<(line.methodRange.upperBound + 1), of: head)
        if line.isAsterisk {
            output.append("*")
        } else if let path {
            output.append(path)
        } else {
            output.append(line.path, of: head)
        }
        output.append(line.query, of: head)
        output.append(" HTTP/1.1\r\n")
        if let host {
            output.append("Host: ")
            output.append(host)
            output.append("\r\n")
        }
        head.copyFields(parser.fields, to: &output) { $0.kind != .host || host == nil }
    }
}
