/// What a proxy knows of the connection that a request came on.
package struct ClientAddress: Sendable {
    /// For X-Forwarded-For: `127.0.0.1`, `::1`.
    let plain: [UInt8]
    /// For Forwarded: `127.0.0.1`, `"[::1]"`.
    let quoted: [UInt8]

    package init(_ address: String) {
        plain = Array(address.utf8)
        quoted = address.utf8.contains(UInt8(ascii: ":")) ? Array("\"[\(address)]\"".utf8) : plain
    }
}

/// Writes the head that is sent to the model server: the received bytes, without the fields that belong to the
/// client's connection or that only the platform may send, and with those that say whom the request is from.
package struct RequestRewriter: Sendable {
    package let client: ClientAddress
    package let isSecure: Bool

    package init(client: ClientAddress, isSecure: Bool) {
        self.client = client
        self.isSecure = isSecure
    }

    /// Room that is enough for the head that `write` makes of a head of `length` bytes and a path of `pathLength`.
    package func capacity(length: Int, pathLength: Int) -> Int {
        length * 3 + pathLength + client.plain.count + client.quoted.count + 256
    }

    /// The head without the empty line at its end: the route that is chosen may add fields.
    ///
    /// - Parameters:
    ///   - path: What the server sees, without the query, which is passed on as it is. Empty means `/`.
    ///   - passesExpectation: Whether the server is to answer the client's `Expect: 100-continue`.
    package func write(
        _ parser: RequestParser, of bytes: Span<UInt8>, path: Span<UInt8>, passesExpectation: Bool,
        to output: inout OutputRawSpan
    ) {
        writeRequestLine(parser.head, of: bytes, path: path, to: &output)
        if !parser.head.hasHostField { writeHost(parser.head, of: bytes, to: &output) }
        writeFields(parser, of: bytes, passesExpectation: passesExpectation, to: &output)
        if parser.head.upgradesToWebSocket { output.append("Connection: Upgrade\r\nUpgrade: websocket\r\n") }
        if parser.head.acceptsTrailers { output.append("TE: trailers\r\nConnection: TE\r\n") }
        writeForwarded(parser, of: bytes, to: &output)
    }

    private func writeRequestLine(
        _ head: RequestHead, of bytes: Span<UInt8>, path: Span<UInt8>, to output: inout OutputRawSpan
    ) {
        output.append(head.methodRange, of: bytes)
        output.append(" ")
        if head.isAsterisk {
            output.append("*")
        } else {
            if path.isEmpty || path[0] != UInt8(ascii: "/") { output.append("/") }
            output.append(0..<path.count, of: path)
            output.append(head.query, of: bytes)
        }
        output.append(" HTTP/1.1\r\n")
    }

    private func writeHost(_ head: RequestHead, of bytes: Span<UInt8>, to output: inout OutputRawSpan) {
        output.append("Host: ")
        if head.authority.isEmpty { output.append("localhost") } else { output.append(head.authority, of: bytes) }
        output.append("\r\n")
    }

    private func writeFields(
        _ parser: RequestParser, of bytes: Span<UInt8>, passesExpectation: Bool, to output: inout OutputRawSpan
    ) {
        bytes.copyFields(parser.fields, to: &output) { field in
            switch field.kind {
            case .connection, .te, .upgrade, .hopByHop, .reserved, .routeTag, .networkProbe: false
            case .forwarded, .forwardedFor, .forwardedProto, .forwardedHost: false
            case .expect: passesExpectation && parser.head.expectsContinue
            default: true
            }
        }
    }

    private func writeForwarded(_ parser: RequestParser, of bytes: Span<UInt8>, to output: inout OutputRawSpan) {
        output.append("X-Forwarded-For: ")
        appendOld(.forwardedFor, parser, of: bytes, to: &output)
        output.append(client.plain)
        output.append("\r\nX-Forwarded-Proto: ")
        output.append(isSecure ? "https" : "http")
        output.append("\r\nForwarded: ")
        appendOld(.forwarded, parser, of: bytes, to: &output)
        output.append("for=")
        output.append(client.quoted)
        if !parser.head.authority.isEmpty {
            output.append(";host=\"")
            output.append(parser.head.authority, of: bytes)
            output.append("\"")
        }
        output.append(isSecure ? ";proto=https\r\n" : ";proto=http\r\n")
        guard !parser.head.authority.isEmpty else { return }
        output.append("X-Forwarded-Host: ")
        output.append(parser.head.authority, of: bytes)
        output.append("\r\n")
    }

    private func appendOld(
        _ kind: HeaderName, _ parser: RequestParser, of bytes: Span<UInt8>, to output: inout OutputRawSpan
    ) {
        for field in parser.fields where field.kind == kind && !field.isDropped && !field.value.isEmpty {
            output.append(field.value, of: bytes)
            output.append(", ")
        }
    }
}

extension Span<UInt8> {
    /// Copies the lines of the fields to keep, neighbours at once.
    func copyFields(_ fields: [HeaderField], to output: inout OutputRawSpan, where keeps: (HeaderField) -> Bool) {
        guard let first = fields.first else { return }
        var pending = Int(first.start)..<Int(first.start)
        for field in fields {
            if !field.isDropped, keeps(field) {
                pending = pending.lowerBound..<Int(field.end)
            } else {
                output.append(pending, of: self)
                pending = Int(field.end)..<Int(field.end)
            }
        }
        output.append(pending, of: self)
    }
}
