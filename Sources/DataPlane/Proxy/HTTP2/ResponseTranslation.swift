import HTTPFraming
import NIOCore
import NIOHPACK

/// The head of a response on a stream, as HTTP/1.1 says it. RFC 9113 section 8.3.2.
struct ResponseText {
    private(set) var text = ByteBuffer()
    /// 1xx: the response follows.
    private(set) var isInformational = false
    /// The body comes without a length: it is sent in chunks.
    private(set) var isChunked = false

    init(_ headers: HPACKHeaders, endsStream: Bool, isToHead: Bool) throws(MalformedMessage) {
        var status = ""
        var fields = ""
        var hasLength = false
        for (name, value, _) in headers {
            try value.checkAsFieldValue()
            if name == ":status" {
                status = value
                continue
            }
            try name.checkAsFieldName()
            if name == "content-length" { hasLength = true }
            fields += "\(name): \(value)\r\n"
        }
        guard status.utf8.count == 3 else { throw .pseudoField }
        isInformational = status.hasPrefix("1")
        let hasBody = !isInformational && !isToHead && status != "204" && status != "304"
        isChunked = hasBody && !endsStream && !hasLength
        text.writeString("HTTP/1.1 \(status) \r\n\(fields)")
        if isChunked { text.writeString("transfer-encoding: chunked\r\n") }
        if hasBody, endsStream, !hasLength { text.writeString("content-length: 0\r\n") }
        // A stream carries one response.
        text.writeString(isInformational ? "\r\n" : "connection: close\r\n\r\n")
    }
}

extension HPACKHeaders {
    /// The head of a response to a client, from HTTP/1.1.
    init(_ parser: ResponseParser, of bytes: Span<UInt8>) {
        self.init([(":status", String(parser.head.status))])
        addFields(parser.fields, of: bytes)
        // gRPC's answer without a message is one block of fields, and has no length.
        if parser.head.framing == .none, first(name: "grpc-status") != nil { remove(name: "content-length") }
    }

    /// Trailers, from the lines of a chunked body.
    init(trailerLines lines: [UInt8]) {
        self.init()
        for line in lines.split(separator: 10) {
            guard let colon = line.firstIndex(of: 58) else { continue }
            let value = line[(colon + 1)...].drop { $0 == 32 || $0 == 9 }
            let end = value.lastIndex { $0 != 13 && $0 != 32 && $0 != 9 }.map { $0 + 1 } ?? value.startIndex
            add(
                name: String(decoding: line[..<colon], as: UTF8.self).lowercased(),
                value: String(decoding: value[..<end], as: UTF8.self))
        }
    }

    /// Trailers as the end of a chunked body. What a recipient must not take from trailers is left out.
    func chunkedEnd() throws(MalformedMessage) -> ByteBuffer {
        var end = ByteBuffer(string: "0\r\n")
        for (name, value, _) in self {
            try name.checkAsFieldName()
            try value.checkAsFieldValue()
            guard HeaderName.identify(Array(name.utf8).span).mayStandInTrailers else { continue }
            end.writeString("\(name): \(value)\r\n")
        }
        end.writeString("\r\n")
        return end
    }
}

extension ByteBuffer {
    /// A piece of a body as HTTP/1.1 frames it.
    ///
    /// - Parameter isLast: whether the body ends with it.
    func asChunk(isLast: Bool) -> ByteBuffer {
        var chunk = ByteBuffer()
        chunk.reserveCapacity(readableBytes + 24)
        if readableBytes > 0 {
            chunk.writeString("\(String(readableBytes, radix: 16))\r\n")
            chunk.writeImmutableBuffer(self)
            chunk.writeString("\r\n")
        }
        if isLast { chunk.writeString("0\r\n\r\n") }
        return chunk
    }
}
