import Testing

@testable import Observability

@Suite("Reading Prometheus' text")
struct PrometheusReaderTests {
    private static let text = """
        # HELP vllm:num_requests_running Number of requests in model execution batches.
        # TYPE vllm:num_requests_running gauge
        vllm:num_requests_running{engine="0",model_name="a } \\" b"} 3.0
        vllm:num_requests_running{engine="1"} 2 1767225600000
        plain 1e-3
        \tindented 7
        not_a_number NaN
        endless{a="b 1
        empty
        other 5
        """

    private static func values(_ names: String...) -> [String: [Double]] {
        PrometheusReader.values(of: Set(names), in: Array(text.utf8))
    }

    @Test("finds the values of the metrics that are asked for, one for each set of labels")
    func values() {
        #expect(
            Self.values("vllm:num_requests_running", "plain") == [
                "vllm:num_requests_running": [3, 2], "plain": [0.001],
            ])
    }

    @Test("what is no sample is passed over", arguments: ["not_a_number", "endless", "empty", "# HELP", "missing"])
    func noSample(name: String) {
        #expect(PrometheusReader.values(of: [name], in: Array(Self.text.utf8)).isEmpty)
    }

    @Test("reads what we write ourselves")
    func roundTrip() {
        let family = MetricFamily(
            "a", .gauge, help: "A.", samples: [.init(1.5, labels: [("x", "}\"\\\n")]), .init(2)])
        let text = PrometheusText.render([family])
        #expect(PrometheusReader.values(of: ["a"], in: Array(text.utf8)) == ["a": [1.5, 2]])
    }
}
