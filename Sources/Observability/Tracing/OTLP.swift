import JSONModel

/// OpenTelemetry's protocol over HTTP in its JSON form: an ExportTraceServiceRequest.
enum OTLP {
    static func traces(_ spans: [Span], resource: [(name: String, value: Span.Value)], version: String) -> JSONValue {
        let scope: JSONValue = ["name": "martlet", "version": .string(version)]
        return [
            "resourceSpans": [
                [
                    "resource": ["attributes": attributes(resource)],
                    "scopeSpans": [["scope": scope, "spans": .array(spans.map(json))]],
                ]
            ]
        ]
    }

    private static func json(_ span: Span) -> JSONValue {
        var object: JSONObject = [
            "traceId": .string(span.trace), "spanId": .string(span.id), "name": .string(span.name),
            "kind": .number(JSONNumber(span.kind.rawValue)), "startTimeUnixNano": .string("\(span.start)"),
            "endTimeUnixNano": .string("\(span.end)"), "attributes": attributes(span.attributes),
            "events": .array(
                span.events.map { ["name": .string($0.name), "timeUnixNano": .string("\($0.time)")] }),
        ]
        if !span.parent.isEmpty { object["parentSpanId"] = .string(span.parent) }
        if span.hasFailed { object["status"] = ["code": 2] }
        return .object(object)
    }

    private static func attributes(_ pairs: [(name: String, value: Span.Value)]) -> JSONValue {
        .array(
            pairs.map { name, value in
                let json: JSONValue =
                    switch value {
                    case .text(let text): ["stringValue": .string(text)]
                    // 64-bit numbers are texts in protobuf's JSON.
                    case .number(let number): ["intValue": .string("\(number)")]
                    }
                return ["key": .string(name), "value": json]
            })
    }
}
