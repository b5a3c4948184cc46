import AsyncHTTPClient
import JSONModel
import NIOCore
import NIOHTTP1

/// The history that a Prometheus keeps, which scrapes Martlet: `query_range` of its HTTP API.
package struct PrometheusHistory: HistorySource {
    private static let timeLimit = TimeAmount.seconds(10)
    private static let sizeLimit = 16 << 20

    private let address: String

    /// - Parameter address: `http://prometheus:9090`, or with a path before `/api/v1`.
    package init(address: String) {
        self.address = address.hasSuffix("/") ? String(address.dropLast()) : address
    }

    package func series(_ query: HistoryQuery) async throws -> [HistorySeries] {
        var request = HTTPClientRequest(url: "\(address)/api/v1/query_range")
        request.method = .POST
        request.headers.add(name: "Content-Type", value: "application/x-www-form-urlencoded")
        request.body = .bytes(ByteBuffer(string: Self.form(query)))
        let answer: JSONValue
        do {
            let response = try await HTTPClient.shared.execute(request, timeout: Self.timeLimit)
            let body = try await response.body.collect(upTo: Self.sizeLimit)
            answer = try JSONValue(parsing: Array(body.readableBytesView))
        } catch {
            throw HistoryUnavailable("The Prometheus at \(address) (--prometheus) does not answer: \(error)")
        }
        guard answer["status"]?.stringValue == "success", let result = answer["data"]?["result"]?.arrayValue else {
            let reason = answer["error"]?.stringValue ?? "its answer is not one of Prometheus"
            throw HistoryUnavailable("The Prometheus at \(address) (--prometheus) says: \(reason)")
        }
        return Self.read(result, query.moments.map { Int64($0 * 1_000) })
    }

    private static func form(_ query: HistoryQuery) -> String {
        let moments = query.moments
        let fields = [
            ("query", PromQL.text(query)), ("start", "\(moments.first ?? query.from)"), ("end", "\(query.to)"),
            ("step", "\(query.step)"),
        ]
        return fields.map { "\($0)=\(encode($1))" }.joined(separator: "&")
    }

    private static func encode(_ text: String) -> String {
        text.utf8.map { byte in
            let isPlain = byte &- 0x30 < 10 || byte | 0x20 &- 0x61 < 26 || "-._~".utf8.contains(byte)
            let hex = String(byte, radix: 16, uppercase: true)
            return isPlain ? String(UnicodeScalar(byte)) : hex.count < 2 ? "%0\(hex)" : "%\(hex)"
        }.joined()
    }

    /// Prometheus leaves out what it does not know.
    private static func read(_ result: [JSONValue], _ moments: [Int64]) -> [HistorySeries] {
        let step = moments.count > 1 ? moments[1] - moments[0] : 1_000
        return result.map { series in
            let labels = (series["metric"]?.objectValue ?? [:]).map { ($0.key, $0.value.stringValue ?? "") }
            var points = moments.map { (time: $0, value: Double?.none) }
            for pair in series["values"]?.arrayValue ?? [] {
                guard let seconds = pair[0]?.doubleValue, let value = pair[1]?.stringValue.flatMap(Double.init),
                    value.isFinite, let first = moments.first
                else { continue }
                let index = Int(((seconds * 1_000 - Double(first)) / Double(step)).rounded())
                if points.indices.contains(index) { points[index].value = value }
            }
            return HistorySeries(labels: Dictionary(labels) { $1 }, points: points)
        }
    }
}

/// A query in Prometheus' language.
enum PromQL {
    static func text(_ query: HistoryQuery) -> String {
        let labels = query.matching.sorted { $0.key < $1.key }.map { "\($0.key)=\(quoted($0.value))" }
        let selector = "{\(labels.joined(separator: ","))}"
        // Four scrapes of Prometheus' usual fifteen seconds, as its own manual has it.
        let window = "[\(max(60, Int(query.step.rounded(.up))))s]"
        switch query.reading {
        case .value: return "sum by (\(query.by.joined(separator: ","))) (\(query.metric)\(selector))"
        case .rate: return "sum by (\(query.by.joined(separator: ","))) (rate(\(query.metric)\(selector)\(window)))"
        case .quantile(let share):
            let by = (["le"] + query.by).joined(separator: ",")
            return "histogram_quantile(\(share), sum by (\(by)) (rate(\(query.metric)_bucket\(selector)\(window))))"
        }
    }

    private static func quoted(_ text: String) -> String {
        let escaped = text.map { character in
            switch character {
            case "\\": "\\\\"
            case "\"": "\\\""
            case "\n": "\\n"
            default: String(character)
            }
        }
        return "\"\(escaped.joined())\""
    }
}
