/// gRPC's word for how a call ended, where the gateway ends it: a code and a message in the trailers.
struct GRPCStatus: Sendable, Hashable {
    let code: Int
    let message: String

    /// As gRPC's clients take an answer of HTTP that is none of gRPC's: doc/http-grpc-status-mapping.md of grpc/grpc.
    init(_ status: Int, message: String) {
        code =
            switch status {
            case 400: 13  // INTERNAL
            case 401: 16  // UNAUTHENTICATED
            case 403: 7  // PERMISSION_DENIED
            case 404: 12  // UNIMPLEMENTED
            case 429, 502, 503, 504: 14  // UNAVAILABLE
            default: 2  // UNKNOWN
            }
        self.message = message
    }

    init(_ error: GatewayError) { self.init(error.status, message: error.message) }

    /// The two trailers, each with its CRLF.
    var lines: String { "grpc-status: \(code)\r\ngrpc-message: \(Self.encoded(message))\r\n" }

    /// After the last piece of a chunked body.
    var chunkedEnd: String { "0\r\n\(lines)\r\n" }

    /// Percent-encoding of what is not printable ASCII, and of `%`.
    static func encoded(_ text: String) -> String {
        let digits = Array("0123456789ABCDEF".utf8)
        var bytes: [UInt8] = []
        for byte in text.utf8 {
            if 0x20...0x7E ~= byte, byte != 0x25 {
                bytes.append(byte)
            } else {
                bytes += [0x25, digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
