import Testing

@testable import Observability

@Suite("Runtimes' own metrics")
struct ScrapingTests {
    private static let page = """
        # HELP vllm:gpu_cache_usage_perc How full.
        # TYPE vllm:gpu_cache_usage_perc gauge
        vllm:gpu_cache_usage_perc{model_name="m",pod="mine"} 0.5 1767225600000
        # TYPE wait_seconds histogram
        wait_seconds_bucket{le="0.1"} 1
        wait_seconds_bucket{le="+Inf"} 2
        wait_seconds_sum 3.5
        wait_seconds_count 2
        # TYPE done counter
        done_total{a="x,y}\\"\\\\"} 7 # {trace_id="1"} 1 2
        broken{a= 1
        lonely NaN
        """

    private static func pages() -> [MetricFamily] {
        var pages = RuntimePages()
        pages.add(Array(page.utf8), labels: [("pod", "p-1")])
        return pages.all
    }

    @Test("A page is read, labelled, and written again")
    func labelled() {
        let text = PrometheusText.render(Self.pages())
        let lines = Set(text.split(separator: "\n").map(String.init))
        #expect(lines.contains(#"vllm:gpu_cache_usage_perc{model_name="m",exported_pod="mine",pod="p-1"} 0.5"#))
        #expect(lines.contains(#"wait_seconds_bucket{pod="p-1",le="0.1"} 1"#))
        #expect(lines.contains(#"wait_seconds_sum{pod="p-1"} 3.5"#))
        #expect(lines.contains("# TYPE done_total counter"))
        #expect(lines.contains(#"done_total{a="x,y}\"\\",pod="p-1"} 7"#))
        #expect(lines.contains(#"lonely{pod="p-1"} NaN"#))
        #expect(!text.contains("broken"))
    }

    @Test("What vLLM renamed has both names")
    func renamed() {
        #expect(Self.pages().map(\.name).contains("vllm:kv_cache_usage_perc"))
        #expect(Self.pages().map(\.name).contains("vllm:gpu_cache_usage_perc"))
    }

    @Test(
        "Selectors choose by name and labels",
        arguments: [
            ("x_total", 2), ("x_total{a=\"1\"}", 1), ("{a!=\"1\"}", 1), ("{a='2'}", 1), ("y", 0),
            ("{__name__=\"x_total\"}", 2),
        ])
    func selectors(text: String, count: Int) throws {
        let family = MetricFamily(
            "x_total", .counter, help: "", samples: [.init(1, labels: [("a", "1")]), .init(2, labels: [("a", "2")])])
        #expect(try MetricSelector(parsing: text).selected(family)?.samples.count ?? 0 == count)
    }

    @Test("What is not understood is refused", arguments: ["", "{}", "{a=~\"b\"}", "{a=b}", "x{a=\"1\""])
    func refused(text: String) { #expect(throws: MetricSelectorProblem.self) { try MetricSelector(parsing: text) } }

    @Test("A scrape is bounded: what is too much is summed")
    func bounded() {
        let registry = MetricRegistry(limit: 3)
        registry.add {
            [
                MetricFamily(
                    "many", .counter, help: "",
                    samples: (1...10).map { .init(Double($0), labels: [("id", "\($0)")]) })
            ]
        }
        let families = registry.collect()
        #expect(families.first?.samples.map(\.value) == [1, 2, 3, 49])
        #expect(families.first?.samples.last?.labels.pairs.map(\.value) == ["other"])
        #expect(families.last?.name == "martlet_metrics_folded_series")
        #expect(families.last?.samples.first?.value == 7)
    }

    @Test("OpenMetrics has exemplars, an end, and counters by its own names only")
    func openMetrics() {
        let exemplar = MetricFamily.Exemplar(trace: "abc", value: 7, seconds: 12.5)
        let families = [
            MetricFamily("old_count", .counter, help: "a \"b\"", samples: [.init(1)]),
            MetricFamily("new_total", .counter, help: "", samples: [.init(1)]),
            MetricFamily(
                "h", .histogram, help: "",
                samples: MetricFamily.histogram(
                    BucketBounds([5, 10]), counts: [0, 1, 0], sum: 7, labels: .none, exemplar: exemplar)),
        ]
        let text = String(decoding: PrometheusText.bytes(families, .openMetrics), as: UTF8.self)
        #expect(text.contains("# TYPE old_count unknown\n"))
        #expect(text.contains("# TYPE new counter\nnew_total 1\n"))
        #expect(text.contains("h_bucket{le=\"10\"} 1 # {trace_id=\"abc\"} 7 12.5\n"))
        #expect(text.hasSuffix("# EOF\n"))
        #expect(!PrometheusText.render(families).contains("trace_id"))
        #expect(PrometheusText.Format(accept: "application/openmetrics-text;version=1.0.0,*/*;q=0.1") == .openMetrics)
        #expect(PrometheusText.Format(accept: "text/plain") == .prometheus)
    }

    @Test("Names are chosen by the system that they come from")
    func names() throws {
        #expect(try MetricNames.parse("istio,knative") == [.istio, .knative])
        #expect(try MetricNames.parse(nil).count == MetricNames.allCases.count)
        #expect(throws: UnknownMetricNames.self) { try MetricNames.parse("nobody") }
        #expect(MetricNames(of: "autoscaler_desired_pods") == .knative)
        #expect(MetricNames(of: "pod:container_cpu_usage:sum") == .kubernetes)
    }
}
