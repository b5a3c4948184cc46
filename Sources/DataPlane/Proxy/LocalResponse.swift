import Authorization
import HTTPFraming
import NIOCore

/// A response that the gateway makes by itself.
struct LocalResponse: Sendable {
    var status: Int
    var body: String
    /// `nil` for no body.
    var contentType: String? = "application/json"
    var extraFields = ""
    /// For those who read no body.
    var message = ""

    /// - Parameter allow: For 405: the methods that are possible.
    init(_ error: GatewayError, allow: String = "POST") {
        status = error.status
        body = error.json
        message = error.message
        if let seconds = error.retryAfter { extraFields += "Retry-After: \(seconds)\r\n" }
        if status == 405 { extraFields += "Allow: \(allow)\r\n" }
    }

    init(json: String) {
        status = 200
        body = json
    }

    /// - Parameter isByModel: Clients of the OpenAI endpoints read its errors' shape; the others get what they get from
    ///   OpenShift AI.
    init(_ denial: Denial, isByModel: Bool) {
        status = denial.status
        message = denial.message
        if isByModel || denial.status >= 500 {
            body = GatewayError(denial.status, code: denial.code, denial.message).json
        } else {
            body = denial.body
            contentType = denial.contentType
        }
        for field in denial.fields { extraFields += "\(field.name): \(field.value)\r\n" }
    }

    /// The answer to Knative's question whether a request would get through: the word that was asked with.
    init(_ probe: NetworkProbe) {
        status = 200
        body = probe.rawValue
        contentType = "text/plain"
    }

    /// As gRPC wants it: 200, and the trailers in the place of the head's fields.
    func writeForGRPC(to buffer: inout ByteBuffer, closes: Bool) {
        buffer.writeString("HTTP/1.1 200 OK\r\nContent-Type: application/grpc\r\nContent-Length: 0\r\n")
        buffer.writeString(GRPCStatus(status, message: message).lines)
        buffer.writeString(closes ? "Connection: close\r\n\r\n" : "\r\n")
    }

    /// - Parameter location: a URL.
    init(redirect status: Int, location: String) {
        self.status = status
        body = ""
        contentType = "text/plain"
        extraFields = "Location: \(location)\r\n"
    }

    func write(to buffer: inout ByteBuffer, closes: Bool, withoutBody: Bool) {
        buffer.writeString("HTTP/1.1 \(status) \(Self.reason(status))\r\n")
        if let contentType { buffer.writeString("Content-Type: \(contentType)\r\n") }
        buffer.writeString("Content-Length: \(body.utf8.count)\r\n\(extraFields)")
        buffer.writeString(closes ? "Connection: close\r\n\r\n" : "\r\n")
        if !withoutBody { buffer.writeString(body) }
    }

    private static func reason(_ status: Int) -> String {
        switch status {
        case 200: "OK"
        case 301: "Moved Permanently"
        case 302: "Found"
        case 303: "See Other"
        case 307: "Temporary Redirect"
        case 308: "Permanent Redirect"
        case 400: "Bad Request"
        case 401: "Unauthorized"
        case 403: "Forbidden"
        case 404: "Not Found"
        case 405: "Method Not Allowed"
        case 408: "Request Timeout"
        case 413: "Content Too Large"
        case 417: "Expectation Failed"
        case 429: "Too Many Requests"
        case 431: "Request Header Fields Too Large"
        case 500: "Internal Server Error"
        case 501: "Not Implemented"
        case 502: "Bad Gateway"
        case 503: "Service Unavailable"
        case 504: "Gateway Timeout"
        case 505: "HTTP Version Not Supported"
        default: "Error"
        }
    }
}
