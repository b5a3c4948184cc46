import Testing

@testable import Observability

@Suite("Queries in Prometheus' language")
struct PromQLTests {
    @Test("Each reading has its form; values are quoted")
    func text() {
        var query = HistoryQuery(
            "m", matching: ["a": "x\"y", "b": "z"], from: 0, to: 1_200, points: 11, by: ["a", "c"])
        #expect(PromQL.text(query) == #"sum by (a,c) (m{a="x\"y",b="z"})"#)
        query.reading = .rate
        #expect(PromQL.text(query) == #"sum by (a,c) (rate(m{a="x\"y",b="z"}[120s]))"#)
        query.reading = .quantile(0.95)
        query.by = []
        #expect(PromQL.text(query) == #"histogram_quantile(0.95, sum by (le) (rate(m_bucket{a="x\"y",b="z"}[120s])))"#)
    }
}
