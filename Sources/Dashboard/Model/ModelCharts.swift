import KubeModel
import Observability
import ServingAPI

/// What a model did over time.
enum ModelCharts {
    /// What can be looked at, in seconds.
    static let ranges: [(name: String, seconds: Int)] = [
        ("15m", 900), ("1h", 3_600), ("6h", 21_600), ("24h", 86_400), ("7d", 604_800),
    ]

    private struct Wanted: Sendable {
        var title: String
        var unit: ChartUnit
        var lines: [Line]
    }

    private struct Line: Sendable {
        var name: String
        var metric: String
        var reading: HistoryQuery.Reading
        var factor = 1.0
    }

    static func blocks(_ model: ModelSummary, _ context: PageContext) async -> [Page.Block] {
        let range = ranges.first { $0.name == context.query["range"] } ?? ranges[1]
        guard let source = context.site.history else { return [.fixed(context.empty("charts.none"))] }
        var charts: [HTML] = []
        for wanted in wanted(context) {
            var lines: [LineChart.Line] = []
            for line in wanted.lines {
                let points = await points(line, model, range.seconds, source, context.now)
                lines.append(LineChart.Line(name: line.name, points: points))
            }
            charts.append(
                LineChart(
                    title: wanted.title, unit: wanted.unit, lines: lines, emptyText: context.t("charts.nothing")
                ).html)
        }
        return [
            .fixed(picker(model, range.name, context)), .live(id: "charts", "<div class=\"charts\">\(charts)</div>"),
        ]
    }

    private static func picker(_ model: ModelSummary, _ chosen: String, _ context: PageContext) -> HTML {
        let links = ranges.map { range -> HTML in
            """
            <a href="\(model.path)?tab=metrics&amp;range=\(range.name)"\(if: range.name == chosen, " aria-current=\"true\"")>\
            \(context.t("range.\(range.name)"))</a>
            """
        }
        return "<nav class=\"choices\" aria-label=\"\(context.t("charts.range"))\">\(links)</nav>"
    }

    private static func wanted(_ context: PageContext) -> [Wanted] {
        let t = { (key: String) in context.t("chart.\(key)") }
        let quantiles = { (metric: String) -> [Line] in
            [(0.5, "p50"), (0.95, "p95"), (0.99, "p99")].map {
                Line(name: $0.1, metric: metric, reading: .quantile($0.0))
            }
        }
        return [
            Wanted(
                title: t("requests"), unit: .perSecond,
                lines: [
                    Line(name: t("requests.all"), metric: "martlet_requests_total", reading: .rate)
                ]),
            Wanted(title: t("latency"), unit: .milliseconds, lines: quantiles("martlet_request_duration_milliseconds")),
            Wanted(title: t("first"), unit: .milliseconds, lines: quantiles("martlet_first_token_milliseconds")),
            Wanted(
                title: t("tokens"), unit: .perSecond,
                lines: [
                    Line(name: t("tokens.out"), metric: "martlet_completion_tokens_total", reading: .rate),
                    Line(name: t("tokens.in"), metric: "martlet_prompt_tokens_total", reading: .rate),
                ]),
            Wanted(
                title: t("concurrency"), unit: .count,
                lines: [
                    Line(name: t("concurrency.requests"), metric: "martlet_requests_in_flight", reading: .value),
                    Line(name: t("concurrency.waiting"), metric: "martlet_requests_waiting", reading: .value),
                    Line(name: t("concurrency.replicas"), metric: "martlet_ready_replicas", reading: .value),
                ]),
            Wanted(
                title: t("cache"), unit: .percent,
                lines: [
                    Line(
                        name: t("cache.used"), metric: "martlet_kv_cache_usage_ratio", reading: .value, factor: 100)
                ]),
            Wanted(
                title: t("cpu"), unit: .count,
                lines: [
                    Line(
                        name: t("cpu.cores"), metric: "martlet_pod_cpu_cores", reading: .value)
                ]),
            Wanted(
                title: t("memory"), unit: .bytes,
                lines: [
                    Line(
                        name: t("memory.used"), metric: "martlet_pod_memory_bytes", reading: .value)
                ]),
        ]
    }

    private static func points(
        _ line: Line, _ model: ModelSummary, _ seconds: Int, _ source: any HistorySource, _ now: Int64
    ) async -> [(time: Int64, value: Double?)] {
        // Whole steps: pages that are open get the same numbers until there are new ones.
        let step = max(10, seconds / 120)
        let to = Double(now / Int64(step) * Int64(step))
        let query = HistoryQuery(
            line.metric, matching: ["namespace": model.service.namespace, "service": model.service.name],
            from: to - Double(seconds), to: to, points: 120, reading: line.reading)
        let series = (try? await source.series(query))?.first
        return series?.points.map { ($0.time, $0.value.map { $0 * line.factor }) } ?? []
    }
}
