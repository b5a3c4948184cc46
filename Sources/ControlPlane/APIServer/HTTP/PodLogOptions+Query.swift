import JSONModel
import KubeClient
import KubeModel

extension PodLogOptions {
    /// - Throws: 422 with every problem, in the words of Kubernetes' fields.
    init(_ query: QueryParameters) throws(Status) {
        let stream = query["stream"].flatMap { $0 == "All" ? nil : $0 }
        self.init(
            container: query["container"], follows: query.bool("follow"), isPrevious: query.bool("previous"),
            hasTimestamps: query.bool("timestamps"), tailLines: try query.int("tailLines"),
            sinceSeconds: try query.int("sinceSeconds"), sinceTime: query["sinceTime"].flatMap(Self.nanoseconds),
            limitBytes: try query.int("limitBytes"), stream: stream.flatMap(Stream.init))
        var causes: [Status.Cause] = []
        func refuse(_ field: String, _ message: String, _ reason: String = "FieldValueInvalid") {
            causes.append(.init(reason: reason, message: message, field: field))
        }
        if sinceSeconds == 0 { refuse("sinceSeconds", "Invalid value: 0: must be greater than 0") }
        if limitBytes == 0 { refuse("limitBytes", "Invalid value: 0: must be greater than 0") }
        if let text = query["sinceTime"] {
            if sinceTime == nil {
                refuse("sinceTime", "Invalid value: \"\(text)\": must be a time as 2026-01-31T12:00:00Z")
            }
            if sinceSeconds != nil {
                refuse(
                    "sinceSeconds", "Forbidden: at most one of `sinceTime` or `sinceSeconds` may be specified",
                    "FieldValueForbidden")
            }
        }
        if let stream {
            if self.stream == nil {
                refuse(
                    "stream", "Unsupported value: \"\(stream)\": supported values: \"All\", \"Stderr\", \"Stdout\"",
                    "FieldValueNotSupported")
            }
            if tailLines != nil {
                refuse(
                    "tailLines", "Forbidden: `tailLines` and a specific `stream` are mutually exclusive",
                    "FieldValueForbidden")
            }
        }
        guard causes.isEmpty else {
            throw .invalid(GroupVersionKind(group: "", version: "v1", kind: "PodLogOptions"), "", causes)
        }
    }

    /// RFC 3339, with or without a fraction of a second.
    private static func nanoseconds(_ text: String) -> Int64? {
        guard let seconds = Timestamp.seconds(text) else { return nil }
        let digits =
            text.split(separator: ".", maxSplits: 1).dropFirst().first?.prefix { $0.isASCII && $0.isNumber } ?? ""
        let fraction = Int64(String(digits.prefix(9)) + String(repeating: "0", count: max(0, 9 - digits.count))) ?? 0
        let (product, isTooLarge) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        return isTooLarge ? nil : product + fraction
    }
}
