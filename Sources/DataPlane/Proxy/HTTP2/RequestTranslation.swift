import HTTPFraming
import NIOCore
import NIOHPACK

/// The head of a request on a stream, as HTTP/1.1 says it. RFC 9113 section 8.3.1.
struct RequestText {
    private(set) var text = ByteBuffer()
    private(set) var isToHead = false
    /// The body comes without a length: it is sent in chunks.
    private(set) var isChunked = false

    private var method = ""
    private var path = ""
    private var authority: String?
    private var host: String?
    private var cookies: [String] = []
    private var hasLength = false
    private var acceptsTrailers = false
    private var fields = ""

    init(_ headers: HPACKHeaders, endsStream: Bool) throws(MalformedMessage) {
        for (name, value, _) in headers {
            try value.checkAsFieldValue()
            if name.utf8.first == 58 { try takePseudoField(name, value) } else { try takeField(name, value) }
        }
        isToHead = method == "HEAD"
        isChunked = !endsStream && !hasLength
        write(endsStream: endsStream)
    }

    private mutating func takePseudoField(_ name: String, _ value: String) throws(MalformedMessage) {
        switch name {
        case ":method": method = value
        case ":path":
            guard value.utf8.first == 47 || value == "*" else { throw .pseudoField }
            path = value
        case ":authority": authority = value
        case ":scheme": break
        default: throw .pseudoField
        }
    }

    private mutating func takeField(_ name: String, _ value: String) throws(MalformedMessage) {
        switch name {
        case "host":
            guard host == nil else { throw .hostMismatch }
            host = value
        case "cookie": cookies.append(value)
        case "te":
            guard value == "trailers" else { throw .connectionSpecificField }
            acceptsTrailers = true
        case "connection", "keep-alive", "proxy-connection", "transfer-encoding", "upgrade":
            throw .connectionSpecificField
        default:
            try name.checkAsFieldName()
            if name == "content-length" { hasLength = true }
            fields += "\(name): \(value)\r\n"
        }
    }

    private mutating func write(endsStream: Bool) {
        let target = method == "CONNECT" ? authority ?? "" : path
        text.writeString("\(method) \(target) HTTP/1.1\r\n")
        // Two names for the host: HTTP/1.1's parser refuses what has two Host fields.
        if let authority { text.writeString("host: \(authority)\r\n") }
        if let host, host != authority { text.writeString("host: \(host)\r\n") }
        text.writeString(fields)
        // Fields that HTTP/2 may split: section 8.2.3.
        if !cookies.isEmpty { text.writeString("cookie: \(cookies.joined(separator: "; "))\r\n") }
        if acceptsTrailers { text.writeString("te: trailers\r\n") }
        if isChunked {
            text.writeString("transfer-encoding: chunked\r\n")
        } else if !hasLength, ["POST", "PUT", "PATCH"].contains(method) {
            text.writeString("content-length: 0\r\n")
        }
        // A stream carries one request.
        text.writeString(acceptsTrailers ? "connection: close, te\r\n\r\n" : "connection: close\r\n\r\n")
    }
}

extension HPACKHeaders {
    /// The head of a request to a server, from HTTP/1.1.
    ///
    /// - Parameter isSecure: whether the connection to the server has TLS.
    init(_ parser: RequestParser, of bytes: Span<UInt8>, isSecure: Bool) {
        let head = parser.head
        self.init([
            (":method", bytes.string(head.methodRange)), (":scheme", isSecure ? "https" : "http"),
            (":authority", bytes.string(head.authority)),
            (":path", head.isAsterisk ? "*" : bytes.string(head.path) + bytes.string(head.query)),
        ])
        addFields(parser.fields, of: bytes)
        if head.acceptsTrailers { add(name: "te", value: "trailers") }
    }

    /// The fields that do not belong to a connection of HTTP/1.1.
    mutating func addFields(_ fields: [HeaderField], of bytes: Span<UInt8>) {
        for field in fields where !field.isDropped {
            switch field.kind {
            case .connection, .te, .upgrade, .hopByHop, .transferEncoding, .host: break
            default:
                let name = bytes.string(field.name).lowercased()
                let isSecret = field.kind == .credential || name == "cookie"
                add(
                    name: name, value: bytes.string(field.value), indexing: isSecret ? .neverIndexed : .indexable)
            }
        }
    }
}

extension Span<UInt8> {
    func string(_ range: Range<Int>) -> String {
        // SAFETY: the buffer is used within its count and does not leave the closure.
        extracting(range).withUnsafeBufferPointer { String(decoding: $0, as: UTF8.self) }
    }
}
