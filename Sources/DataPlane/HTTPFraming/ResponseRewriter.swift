/// Writes the head that is sent to the client: the received bytes without the fields of the server's connection.
package struct ResponseRewriter: Sendable {
    /// Tell the client that the connection ends after this response.
    package var closes = false
    /// The client speaks HTTP/1.0: the chunks are taken off the body.
    package var removesChunks = false
    /// The response is 101: the connection becomes something else.
    package var upgrades = false
    /// Milliseconds that the request waited for its model to start or to have a free place; `nil`: not said.
    package var waited: Int?

    /// Whole lines that are added.
    package var lines: [UInt8] = []

    package init() {}

    package func capacity(length: Int) -> Int { length + lines.count + 160 }

    package func write(_ parser: ResponseParser, of bytes: Span<UInt8>, to output: inout OutputRawSpan) {
        output.append("HTTP/1.1 ")
        output.append(parser.head.statusLine, of: bytes)
        output.append("\r\n")
        bytes.copyFields(parser.fields, to: &output) { field in
            switch field.kind {
            case .connection, .te, .upgrade, .hopByHop: false
            case .transferEncoding, .trailer: !removesChunks
            default: true
            }
        }
        if upgrades {
            output.append("Connection: Upgrade\r\nUpgrade: websocket\r\n")
        } else if closes {
            output.append("Connection: close\r\n")
        }
        if let waited {
            output.append("Server-Timing: wait;dur=")
            output.append(Array(String(waited).utf8))
            output.append("\r\n")
        }
        output.append(lines)
        output.append("\r\n")
    }
}
