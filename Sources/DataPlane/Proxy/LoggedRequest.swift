import HTTPFraming
import KubeModel
import Routing
import ServingAPI

/// Where the lines of the log of requests go. It never blocks: what it has no room for it drops, and counts.
package protocol RequestLog: Sendable {
    func write(_ line: String)
}

/// A request that is logged when it has ended: what the template wants of its head, kept until then.
final class LoggedRequest {
    private let template: RequestLogTemplate
    private var values: [RequestLogTemplate.Field: String] = [:]

    init(_ template: RequestLogTemplate, _ request: RequestParser, _ bytes: Span<UInt8>, client: String) {
        self.template = template
        for case .value(let field, _) in template.parts {
            values[field] = Self.value(field, request, bytes, client: client)
        }
    }

    private static func value(
        _ field: RequestLogTemplate.Field, _ request: RequestParser, _ bytes: Span<UInt8>, client: String
    ) -> String? {
        let head = request.head
        func header(_ name: String) -> String { headers(name, request, bytes).first ?? "" }
        return switch field {
        case .method: text(head.methodRange, bytes)
        case .uri: text(head.path.lowerBound..<max(head.path.upperBound, head.query.upperBound), bytes)
        case .version: head.isVersion10 ? "HTTP/1.0" : "HTTP/1.1"
        case .host: text(head.authority, bytes)
        case .client: client
        case .userAgent: header("user-agent")
        case .referer: header("referer")
        case .length: length(head.framing)
        case .header(let name, true): "[\(headers(name, request, bytes).joined(separator: " "))]"
        case .header(let name, false): header(name)
        case .trace: trace(header)
        default: nil
        }
    }

    /// As Go counts: -1 where it is not known before the end.
    private static func length(_ framing: BodyFraming) -> String {
        switch framing {
        case .none: "0"
        case .length(let length): "\(length)"
        case .chunked, .untilClose: "-1"
        }
    }

    /// Of W3C's traceparent, else of B3.
    private static func trace(_ header: (String) -> String) -> String {
        let parts = header("traceparent").split(separator: "-")
        return parts.count == 4 ? String(parts[1]) : header("x-b3-traceid")
    }

    private static func headers(_ name: String, _ request: RequestParser, _ bytes: Span<UInt8>) -> [String] {
        request.fields.filter { text($0.name, bytes).lowercased() == name }.map { text($0.value, bytes) }
    }

    private static func text(_ range: Range<Int>, _ bytes: Span<UInt8>) -> String {
        var text: [UInt8] = []
        for index in range { text.append(bytes[index]) }
        return String(decoding: text, as: UTF8.self)
    }

    /// - Parameter seconds: from the request's head to its end.
    func line(status: Int, size: Int, seconds: Double, revision: RoutedRevision, endpoint: Endpoint?) -> String {
        values[.status] = "\(status)"
        values[.size] = "\(size)"
        values[.latency] = "\(seconds)"
        values[.revision] = revision.key.name
        values[.namespace] = revision.key.namespace ?? ""
        values[.service] = revision.service
        values[.configuration] = revision.configuration
        values[.podName] = endpoint?.podName ?? ""
        values[.podIP] = endpoint?.address ?? ""
        return template.parts.map { part in
            switch part {
            case .text(let text): text
            case .value(let field, let escape): escape(values[field] ?? "")
            }
        }.joined() + "\n"
    }
}
