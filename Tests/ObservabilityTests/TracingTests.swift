import JSONModel
import Logging
import Synchronization
import Testing

@testable import Observability

@Suite("Traces and logs")
struct TracingTests {
    @Test("A span is OTLP's JSON: ids in hexadecimal, times as texts")
    func span() {
        var span = Span("POST /", .server, trace: "0af7", id: "b7ad", parent: "", start: 10, end: 5)
        span.attributes = [("a", .text("x")), ("n", .number(7))]
        span.events = [.init("first token", at: 12)]
        span.hasFailed = true
        let json = OTLP.traces([span], resource: [("service.name", .text("martlet"))], version: "1")
        let read = json["resourceSpans"]?[0]?["scopeSpans"]?[0]?["spans"]?[0]
        #expect(read?["traceId"] == "0af7")
        #expect(read?["parentSpanId"] == nil)
        #expect(read?["kind"] == 2)
        #expect(read?["startTimeUnixNano"] == "10")
        #expect(read?["endTimeUnixNano"] == "10")
        #expect(read?["attributes"]?[1]?["value"]?["intValue"] == "7")
        #expect(read?["events"]?[0]?["timeUnixNano"] == "12")
        #expect(read?["status"]?["code"] == 2)
    }

    @Test("What there is no room for is dropped and counted")
    func bounded() {
        let exporter = SpanExporter(
            endpoint: "http://127.0.0.1:1", resource: [], version: "1", logger: Logger(label: "test"))
        let span = Span("a", .inside, trace: "1", id: "2", parent: "", start: 0, end: 1)
        exporter.add(Array(repeating: span, count: 9_000))
        #expect(exporter.collect().first { $0.name == "martlet_spans_dropped_total" }?.samples.first?.value == 808)
    }

    @Test("A log message is one object on one line")
    func log() throws {
        final class Lines: Sendable { let all = Mutex<[String]>([]) }
        let lines = Lines()
        var handler = JSONLogHandler(label: "martlet", now: { "2026-01-01T00:00:00.000Z" }) { line in
            lines.all.withLock { $0.append(line) }
        }
        handler[metadataKey: "trace"] = "abc"
        var logger = Logger(label: "martlet", factory: { _ in handler })
        logger.logLevel = .info
        logger.warning("It \"failed\"\n", metadata: ["path": "/x", "level": "odd", "list": ["a", "b"]])
        let line = try #require(lines.all.withLock { $0.first })
        #expect(line.hasSuffix("}\n") && line.dropLast().allSatisfy { !$0.isNewline })
        let json = try JSONValue(parsing: line)
        #expect(json["level"] == "warning")
        #expect(json["message"] == "It \"failed\"\n")
        #expect(json["trace"] == "abc")
        #expect(json["metadata.level"] == "odd")
        #expect(json["list"] == ["a", "b"])
    }
}
