import JSONModel
import KubeClient
import KubeModel

/// An answer of the API.
struct APIResponse: Sendable {
    /// Sends one part of a body, and comes back when the connection has room for more.
    typealias Write = ([UInt8]) async throws -> Void

    enum Body: Sendable {
        case whole([UInt8])
        /// Sent part by part, as fast as the client takes them; the connection stays. An error on the way breaks it.
        case parts(@Sendable (Write) async throws -> Void)
        /// Sent part by part, each at once; the last of its connection, which ends when the closure returns.
        case streamed(@Sendable (Write) async throws -> Void)
        /// Events, for as long as the client listens.
        case watch(WatchBody)
        /// The connection is no longer HTTP.
        case upgraded(Upgrade)
    }

    var code = 200
    var contentType: String
    /// Sent as `Warning` headers, which kubectl shows.
    var warnings: [String] = []
    /// Others than those that every answer has; all of them, where `contentType` is empty.
    var headers: [(name: String, value: String)] = []
    var body: Body

    static func json(_ value: JSONValue, code: Int = 200) -> APIResponse {
        var bytes = value.serialized()
        bytes.append(UInt8(ascii: "\n"))
        return APIResponse(code: code, contentType: MediaType.json, body: .whole(bytes))
    }

    static func text(_ text: String, code: Int = 200) -> APIResponse {
        APIResponse(code: code, contentType: MediaType.plainText, body: .whole(Array(text.utf8)))
    }

    static func failure(_ status: Status) -> APIResponse { json(status.json, code: status.code) }
}
