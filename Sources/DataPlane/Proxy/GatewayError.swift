import HTTPFraming

/// An answer that the gateway gives by itself, in the shape of OpenAI's errors.
struct GatewayError: Error, Sendable, Hashable {
    var status: Int
    var code: String
    var message: String
    var param: String?
    /// Seconds after which trying again makes sense.
    var retryAfter: Int?
    /// How far the model's start is.
    var report: WaitReport?

    init(_ status: Int, code: String, param: String? = nil, retryAfter: Int? = nil, _ message: String) {
        self.status = status
        self.code = code
        self.param = param
        self.retryAfter = retryAfter
        self.message = message
    }

    init(_ error: FramingError) {
        self.init(error.status, code: "invalid_request", "The request is not valid HTTP/1.1: \(error.rawValue).")
    }

    private var type: String { status < 500 ? "invalid_request_error" : "server_error" }

    /// One line, without control characters.
    var json: String {
        let param = param.map(Self.quoted) ?? "null"
        let report = report.map { ",\($0.members)" } ?? ""
        return "{\"error\":{\"message\":\(Self.quoted(message)),\"type\":\"\(type)\",\"param\":\(param),"
            + "\"code\":\(Self.quoted(code))}\(report)}"
    }

    static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            case "\t": result += "\\t"
            case "\u{0}"..."\u{1F}", "\u{7F}":
                let hex = String(scalar.value, radix: 16)
                result += "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }
}

extension GatewayError {
    static func unavailable(_ name: String, reason: String) -> GatewayError {
        GatewayError(
            503, code: "model_not_ready", retryAfter: 5,
            "\(name) cannot answer yet: \(reason). `martlet describe` tells more.")
    }

    static let undecided = GatewayError(
        503, code: "authorization_unavailable", retryAfter: 1, "Whether the call is allowed was not decided in time.")

    static let keyRevoked = GatewayError(
        401, code: "invalid_api_key", "The key was revoked while the request was answered.")

    static let cancelled = GatewayError(
        503, code: "request_cancelled", "The request was ended by an operator.")

    static let queueFull = GatewayError(
        503, code: "queue_full", retryAfter: 1, "Too many requests wait for this model already. Try again later.")
    static let shed = GatewayError(
        429, code: "shed", retryAfter: 1,
        "All replicas are busy, and the request asked for priority=sheddable: it is not kept waiting.")

    static func tooManyRequests(_ name: String, most: Int) -> GatewayError {
        GatewayError(
            429, code: "too_many_requests", retryAfter: 1,
            "Revision \(name) has \(most) requests already, as many as its annotation martlet.dev/max-requests allows.")
    }

    static let shuttingDown = GatewayError(503, code: "shutting_down", retryAfter: 5, "The gateway is stopping.")
    static let replicaStopped = GatewayError(
        503, code: "replica_stopped", retryAfter: 1,
        "The replica was stopped before it had answered: its time to end (terminationGracePeriodSeconds) was over.")
    static let noFirstByte = GatewayError(
        504, code: "timeout", "The model server did not begin to answer in time.")
    static let stalled = GatewayError(504, code: "timeout", "The model server stopped in the middle of its answer.")
    static let slowRequest = GatewayError(408, code: "request_timeout", "The request did not arrive in time.")
    static let unreachable = GatewayError(
        502, code: "bad_gateway", retryAfter: 1, "The model server could not be connected to.")
    static let lost = GatewayError(
        502, code: "bad_gateway", "The model server closed the connection before it had answered.")
    static let cut = GatewayError(
        502, code: "stream_cut", "The model server closed the connection in the middle of its answer.")

    static func overTime(_ limit: Duration) -> GatewayError {
        GatewayError(
            504, code: "timeout",
            "The answer took longer than the \(limit.components.seconds) s that timeoutSeconds of the service allows, "
                + "or timeouts of its route.")
    }

    /// A route of the Gateway API has a rule without a backend, or one that it may not or cannot send to.
    static func noBackend(_ name: String) -> GatewayError {
        GatewayError(
            500, code: "no_backend",
            "\(name) has no backend that requests can be sent to; its status tells why (condition ResolvedRefs).")
    }

    /// Waiting would be in vain.
    static func cannotStart(_ name: String, _ report: WaitReport) -> GatewayError {
        var error = GatewayError(
            503, code: "model_start_failed", retryAfter: report.retryAfter,
            "Revision \(name) cannot start: \(report.message). `martlet describe` tells more.")
        error.report = report
        return error
    }

    /// No replica had a place for as long as the request might wait.
    static func notServed(_ name: String, _ report: WaitReport) -> GatewayError {
        let isBusy = report.state == "busy"
        let what = isBusy ? "had no free place" : "had no ready pod"
        let why = report.message.isEmpty ? report.state : "\(report.state): \(report.message)"
        var error = GatewayError(
            503, code: isBusy ? "queue_timeout" : "model_start_timeout", retryAfter: report.retryAfter,
            "Revision \(name) \(what) for \(report.waitedSeconds) s (\(why)). `martlet describe` tells more.")
        error.report = report
        return error
    }

    static func badResponse(_ error: FramingError) -> GatewayError {
        GatewayError(502, code: "bad_gateway", "The model server's answer is not valid HTTP/1.1: \(error.rawValue).")
    }
}
