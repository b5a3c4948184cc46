/// A request as pages read it: without sockets and without an HTTP library.
struct WebRequest: Sendable {
    /// `GET`, `POST`.
    var method: String
    /// Without the query, escaped as it came: `/models/default/smollm2`.
    var path: String
    var query = Form()
    var body: [UInt8] = []
    /// By lower-case name; of several of one name the last.
    var headers: [String: String] = [:]
    /// Whether the browser runs on this machine.
    var isLocal = false

    init(method: String = "GET", target: String) {
        let parts = target.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        self.method = method
        path = String(parts.first ?? "/")
        if parts.count > 1 { query = Form(encoded: parts[1]) }
    }

    /// The path's parts, decoded.
    var segments: [String] { path.split(separator: "/").map { Form.decoded($0.replacing("+", with: "%2B")) } }

    /// What a form sent.
    var form: Form { Form(encoded: String(decoding: body, as: UTF8.self)) }

    func cookie(_ name: String) -> String? {
        for pair in (headers["cookie"] ?? "").split(separator: ";") {
            let parts = pair.drop { $0 == " " }.split(separator: "=", maxSplits: 1)
            if parts.count == 2, parts[0] == name { return String(parts[1]) }
        }
        return nil
    }
}

/// An answer to a browser.
struct WebResponse: Sendable {
    /// Sends one part of the body, and comes back when the connection has room for more: a slow browser holds up
    /// nobody but itself.
    typealias Write = ([UInt8]) async throws -> Void

    enum Body: Sendable {
        case whole([UInt8])
        /// The answer ends when the closure returns.
        case stream(@Sendable (Write) async throws -> Void)
    }

    var code = 200
    var headers: [(name: String, value: String)] = []
    var body = Body.whole([])

    static func html(_ html: HTML, code: Int = 200) -> WebResponse {
        WebResponse(
            code: code, headers: [("Content-Type", "text/html; charset=utf-8"), ("Cache-Control", "no-store")],
            body: .whole(Array(html.text.utf8)))
    }

    static func text(_ text: String, code: Int = 200) -> WebResponse {
        WebResponse(
            code: code, headers: [("Content-Type", "text/plain; charset=utf-8"), ("Cache-Control", "no-store")],
            body: .whole(Array(text.utf8)))
    }

    /// After a form was taken: the browser asks for the page by GET.
    static func redirect(_ path: String) -> WebResponse {
        WebResponse(code: 303, headers: [("Location", path), ("Cache-Control", "no-store")])
    }

    func with(_ name: String, _ value: String) -> WebResponse {
        var response = self
        response.headers.append((name, value))
        return response
    }
}

/// Why a request gets no page.
struct WebFailure: Error, Sendable {
    var code: Int
    var message: String

    init(_ code: Int, _ message: String) {
        self.code = code
        self.message = message
    }
}
