/// Prometheus' text format, version 0.0.4, and OpenMetrics 1.0.
package enum PrometheusText {
    package enum Format: Sendable {
        case prometheus
        /// The same with exemplars. What it calls a counter ends in `_total`: counters with older names are of unknown type.
        case openMetrics

        /// - Parameter accept: of the request; Prometheus names OpenMetrics first.
        package init(accept: String?) {
            self = accept?.contains("application/openmetrics-text") == true ? .openMetrics : .prometheus
        }

        package var contentType: String {
            switch self {
            case .prometheus: PrometheusText.contentType
            case .openMetrics: "application/openmetrics-text; version=1.0.0; charset=utf-8"
            }
        }
    }

    package static let contentType = "text/plain; version=0.0.4; charset=utf-8"

    package static func render(_ families: [MetricFamily]) -> String {
        String(decoding: bytes(families, .prometheus), as: UTF8.self)
    }

    package static func bytes(_ families: [MetricFamily], _ format: Format) -> [UInt8] {
        var text: [UInt8] = []
        text.reserveCapacity(64 << 10)
        for family in families where !family.samples.isEmpty { append(family, format, to: &text) }
        if format == .openMetrics { text += "# EOF\n".utf8 }
        return text
    }

    private static func append(_ family: MetricFamily, _ format: Format, to text: inout [UInt8]) {
        let (name, kind) = head(family, format)
        text += "# HELP \(name) ".utf8
        MetricLabels.escape(family.help, quotes: format == .openMetrics, to: &text)
        text += "\n# TYPE \(name) \(kind)\n".utf8
        for sample in family.samples {
            text += family.name.utf8
            text += sample.suffix.utf8
            append(sample, to: &text)
            if format == .openMetrics, let exemplar = sample.exemplar { append(exemplar, to: &text) }
            text.append(UInt8(ascii: "\n"))
        }
    }

    private static func head(_ family: MetricFamily, _ format: Format) -> (name: String, kind: String) {
        guard format == .openMetrics else { return (family.name, family.kind.rawValue) }
        switch family.kind {
        case .counter where family.name.hasSuffix("_total"):
            return (String(family.name.dropLast("_total".count)), "counter")
        case .counter, .untyped: return (family.name, "unknown")
        default: return (family.name, family.kind.rawValue)
        }
    }

    private static func append(_ sample: MetricFamily.Sample, to text: inout [UInt8]) {
        if !sample.labels.text.isEmpty || sample.extra != nil {
            text.append(UInt8(ascii: "{"))
            text += sample.labels.text
            if let extra = sample.extra {
                if !sample.labels.text.isEmpty { text.append(UInt8(ascii: ",")) }
                MetricLabels.append(extra, to: &text)
            }
            text.append(UInt8(ascii: "}"))
        }
        text.append(UInt8(ascii: " "))
        text += number(sample.value).utf8
    }

    private static func append(_ exemplar: MetricFamily.Exemplar, to text: inout [UInt8]) {
        text += " # {trace_id=\"\(exemplar.trace)\"} \(number(exemplar.value)) \(exemplar.seconds)".utf8
    }

    static func number(_ value: Double) -> String {
        if value.isNaN { return "NaN" }
        if value.isInfinite { return value > 0 ? "+Inf" : "-Inf" }
        return value.rounded() == value && abs(value) < 1e15 ? String(Int64(value)) : "\(value)"
    }
}
