import HTTPFraming
import NIOCore

/// An event stream that the gateway began by itself, because its caller would have to wait for long, and that the model
/// server's answer goes on in. Its status is 200 whatever the server says later: what is no event stream comes as one
/// event, and an error ends visibly.
struct EarlyStream: Sendable, Hashable {
    /// HTTP/1.0 knows no chunks: its stream goes on until the connection ends.
    let isChunked: Bool
    /// Events with what is known about the start, rather than comments.
    let showsProgress: Bool
    /// The server's answer is no event stream: it is sent as the data of one event.
    var isWrapping = false

    /// Room for an error event after what was sent: each piece is framed whole.
    var room: BodyTracker.Room { isChunked ? .newChunk : .any }

    func head(closes: Bool) -> ByteBuffer {
        var head = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nCache-Control: no-cache\r\n"
        head += "X-Accel-Buffering: no\r\n"
        if isChunked { head += "Transfer-Encoding: chunked\r\n" }
        if closes { head += "Connection: close\r\n" }
        return ByteBuffer(string: head + "\r\n")
    }

    func framed(_ text: String) -> ByteBuffer { framed(ByteBuffer(string: text)) }

    func framed(_ piece: ByteBuffer) -> ByteBuffer {
        guard isChunked else { return piece }
        var buffer = ByteBuffer(string: "\(String(piece.readableBytes, radix: 16))\r\n")
        buffer.writeImmutableBuffer(piece)
        buffer.writeString("\r\n")
        return buffer
    }

    /// A piece of an answer within the data of one event, which is one line: JSON's line ends may be spaces.
    func wrapped(_ piece: ByteBuffer) -> ByteBuffer {
        framed(ByteBuffer(bytes: piece.readableBytesView.lazy.map { $0 == 10 || $0 == 13 ? 32 : $0 }))
    }

    var end: ByteBuffer? { isChunked ? ByteBuffer(string: "0\r\n\r\n") : nil }
}
