import Testing

@testable import Observability

@Suite("Prometheus' text format")
struct PrometheusTextTests {
    @Test("has help, type, labels and plain numbers")
    func plain() {
        let family = MetricFamily(
            "martlet_requests_total", .counter, help: "Requests.",
            samples: [.init(3, labels: [("code", "200")]), .init(0.5, labels: [("code", "500")])])
        #expect(
            PrometheusText.render([family]) == """
                # HELP martlet_requests_total Requests.
                # TYPE martlet_requests_total counter
                martlet_requests_total{code="200"} 3
                martlet_requests_total{code="500"} 0.5

                """)
    }

    @Test("escapes what would end a label")
    func escapes() {
        let family = MetricFamily("m", .gauge, help: "a\nb", samples: [.init(1, labels: [("l", "a\"b\\c\nd")])])
        #expect(PrometheusText.render([family]).contains(#"m{l="a\"b\\c\nd"} 1"#))
        #expect(PrometheusText.render([family]).contains(#"# HELP m a\nb"#))
    }

    @Test("buckets of a histogram are cumulative and end with +Inf")
    func histogram() {
        let samples = MetricFamily.histogram(bounds: [0.1, 1], counts: [2, 3, 1], sum: 4.5, labels: [])
        #expect(samples.map(\.value) == [2, 5, 6, 4.5, 6])
        #expect(samples.compactMap { $0.extra?.value } == ["0.1", "1", "+Inf"])
    }

    @Test("sources that tell of the same name are put together")
    func registry() {
        let registry = MetricRegistry()
        for value in [1.0, 2] {
            registry.add { [MetricFamily("m", .gauge, help: "", samples: [.init(value)])] }
        }
        #expect(registry.collect().map { $0.samples.map(\.value) } == [[1, 2]])
    }

    @Test("this process has memory and has used the processor")
    func process() {
        let names = ProcessMetrics.collect().map(\.name)
        #expect(names == ["process_resident_memory_bytes", "process_cpu_seconds_total"])
    }
}
