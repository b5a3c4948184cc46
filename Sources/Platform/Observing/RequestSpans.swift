import JSONModel
import KubeController
import KubeModel
import Observability
import Proxy
import ServingAPI

/// The spans of a request, made of its times when it has ended: the gateway's, and within it authorization, the queue with
/// the stages of the start that it waited for, and the server's answer.
struct RequestSpans: Sendable {
    let pods: Store

    /// - Parameter now: nanoseconds since 1970.
    func spans(_ request: EndedRequest, _ record: RequestRecord, now: Int64) -> [Span] {
        guard let trace = request.trace, trace.isSampled else { return [] }
        let began = now - Self.nanoseconds(request.age)
        func at(_ moment: Duration) -> Int64 { began + Self.nanoseconds(moment) }
        let parent = trace.parent == 0 ? "" : Self.digits(trace.parent)
        var root = Span(
            "\(record.method) \(record.path)", .server, trace: record.trace, id: Self.digits(trace.span),
            parent: parent, start: began, end: at(request.duration))
        root.attributes = attributes(record)
        root.hasFailed = record.status >= 500
        var spans = [root]
        func add(_ name: String, _ kind: Span.Kind = .inside, from: Duration, to: Duration, _ parent: String) -> Span {
            Span(
                name, kind, trace: record.trace, id: Self.digits(.random(in: 1...UInt64.max)), parent: parent,
                start: at(from), end: at(to))
        }
        if let decided = request.decided { spans.append(add("authorization", from: .zero, to: decided, root.id)) }
        if let since = request.waitedSince {
            let end = request.waited.map { since + $0 } ?? request.duration
            let queue = add(request.isColdStart ? "activation" : "queue", from: since, to: end, root.id)
            spans.append(queue)
            if request.isColdStart {
                spans += stages(of: record, before: end, since: since) { add($0, from: $1, to: $2, queue.id) }
            }
        }
        if let sent = request.sent {
            var upstream = add("model server", .client, from: sent, to: request.duration, root.id)
            upstream.attributes = [("server.address", .text(record.pod))]
            if let first = request.firstByte { upstream.events.append(.init("first byte", at: at(first))) }
            if let first = request.firstToken { upstream.events.append(.init("first token", at: at(first))) }
            spans.append(upstream)
        }
        return spans
    }

    private func attributes(_ record: RequestRecord) -> [(name: String, value: Span.Value)] {
        var attributes: [(name: String, value: Span.Value)] = [
            ("http.request.method", .text(record.method)), ("url.path", .text(record.path)),
            ("http.response.status_code", .number(record.status)), ("k8s.namespace.name", .text(record.namespace)),
            ("martlet.service", .text(record.service)), ("martlet.revision", .text(record.revision)),
            ("martlet.caller", .text(record.caller)), ("martlet.request.id", .text(record.id)),
        ]
        if let tokens = record.promptTokens { attributes.append(("gen_ai.usage.input_tokens", .number(tokens))) }
        if let tokens = record.completionTokens { attributes.append(("gen_ai.usage.output_tokens", .number(tokens))) }
        return attributes
    }

    /// The stages follow each other, and the last one ends when the request goes on.
    private func stages(
        of record: RequestRecord, before end: Duration, since start: Duration,
        _ span: (String, Duration, Duration) -> Span
    ) -> [Span] {
        let pod = pods[ObjectKey(namespace: record.namespace, name: record.pod)]
        guard let text = pod?.annotations[ServingKeys.startStages],
            let stages = (try? JSONValue(parsing: text))?.objectValue
        else { return [] }
        var (spans, moment): ([Span], Duration) = ([], end)
        for stage in ["spawn", "load", "probe"].reversed() {
            let length = Duration.milliseconds(stages[stage]?.doubleValue ?? 0)
            let begin = max(start, moment - length)
            guard begin < moment else { break }
            spans.append(span("start: " + stage, begin, moment))
            moment = begin
        }
        return spans.reversed()
    }

    private static func nanoseconds(_ duration: Duration) -> Int64 { Int64((duration / .nanoseconds(1)).rounded()) }

    private static func digits(_ number: UInt64) -> String {
        let text = String(number, radix: 16)
        return String(repeating: "0", count: 16 - text.count) + text
    }
}
