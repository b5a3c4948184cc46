import NIOHTTP1

extension APIResponse {
    /// - Parameter length: bytes of the body; `nil` for one that comes part by part.
    func head(length: Int? = nil) -> HTTPResponseHead {
        var fields = HTTPHeaders()
        if !contentType.isEmpty {
            fields.add(name: "Content-Type", value: contentType)
            fields.add(name: "Cache-Control", value: "no-cache, private")
        }
        for header in headers {
            if contentType.isEmpty {
                fields.add(name: header.name, value: header.value)
            } else {
                fields.replaceOrAdd(name: header.name, value: header.value)
            }
        }
        if code == 401 { fields.add(name: "WWW-Authenticate", value: "Bearer") }
        for warning in warnings { fields.add(name: "Warning", value: Self.header(warning)) }
        if let length { fields.replaceOrAdd(name: "Content-Length", value: String(length)) }
        return HTTPResponseHead(version: .http1_1, status: HTTPResponseStatus(statusCode: code), headers: fields)
    }

    /// RFC 7234: a code, an agent and a quoted text; on one line, whatever the text.
    private static func header(_ warning: String) -> String {
        let quoted = warning.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
        return "299 - \"\(String(quoted.map { $0.isNewline || $0.asciiValue.map { $0 < 32 } ?? false ? " " : $0 }))\""
    }
}
