import Foundation
import Testing

@testable import Observability

@Suite("The history")
struct HistoryTests {
    private static let keep = HistoryKeep([
        "requests_total": ["service", "code"], "in_flight": ["service"], "latency_milliseconds": ["service"],
    ])

    private let directory = FileManager.default.temporaryDirectory.appending(path: "history-\(UUID())").path

    private static func families(_ service: String, requests: Double, inFlight: Double) -> [MetricFamily] {
        let labels = [(name: "service", value: service), (name: "pod", value: "p")]
        return [
            MetricFamily(
                "requests_total", .counter, help: "", samples: [.init(requests, labels: labels + [("code", "200")])]),
            MetricFamily("in_flight", .gauge, help: "", samples: [.init(inFlight, labels: labels)]),
            MetricFamily("forgotten", .gauge, help: "", samples: [.init(1, labels: labels)]),
        ]
    }

    /// Ticks of ten seconds from 1,000,000,200 on, a full ten minutes.
    private func fill(_ history: History, from tick: Int = 0, _ ticks: Int, perTick: Double = 20) async {
        for tick in tick..<tick + ticks {
            await history.record(
                Self.families("a", requests: Double(tick) * perTick, inFlight: Double(tick % 5)), Self.keep,
                at: Self.start + Double(tick) * 10)
        }
    }

    private static let start = 1_000_000_200.0

    @Test("A gauge is what it was, a counter grows by the second")
    func readings() async {
        let history = History(directory: directory)
        await fill(history, 100)
        let end = Self.start + 990
        let gauge = await history.series(
            HistoryQuery("in_flight", from: end - 40, to: end, points: 5, by: ["service"]))
        #expect(gauge.map(\.labels) == [["service": "a"]])
        #expect(gauge.first?.points.map(\.value) == [0, 1, 2, 3, 4])
        let rate = await history.series(
            HistoryQuery(
                "requests_total", matching: ["code": "200"], from: end - 600, to: end, points: 20, reading: .rate))
        #expect(rate.first?.points.allSatisfy { $0.value == 2 } == true)
        #expect(await history.series(HistoryQuery("forgotten", from: end - 60, to: end)).isEmpty)
        #expect(
            await history.series(HistoryQuery("in_flight", matching: ["service": "b"], from: end - 60, to: end)).isEmpty
        )
    }

    @Test("Hours and days are drawn from coarser ticks, and reach the present")
    func resolutions() async {
        let history = History(directory: directory)
        await fill(history, 6 * 60 * 30)
        let end = Self.start + Double(6 * 60 * 30 - 1) * 10
        for hours in [1.0, 12, 24] {
            let series = await history.series(
                HistoryQuery("requests_total", from: end - hours * 3_600, to: end, points: 100, reading: .rate))
            let values = series.first?.points.map(\.value) ?? []
            #expect(values.count == 100, "\(hours) h")
            #expect(values.suffix(95).allSatisfy { abs(($0 ?? 0) - 2) < 0.001 }, "\(hours) h: \(values)")
        }
    }

    @Test("A counter that begins anew does not fall, and one that appears began from zero")
    func resets() async {
        let history = History(directory: directory)
        for (tick, value) in [10.0, 20, 5, 15].enumerated() {
            await history.record(
                Self.families("a", requests: value, inFlight: 0)
                    + (tick > 1 ? Self.families("b", requests: Double(tick - 1) * 30, inFlight: 0) : []),
                Self.keep, at: Self.start + Double(tick) * 10)
        }
        let series = await history.series(
            HistoryQuery(
                "requests_total", from: Self.start, to: Self.start + 30, points: 1, reading: .rate, by: ["service"]))
        #expect(series.map { $0.labels["service"] } == ["a", "b"])
        #expect(series.first?.points.first?.value == 25.0 / 30)
        #expect(series.last?.points.first?.value == 60.0 / 30)
    }

    @Test("It survives the end of the process, and a journal that was torn")
    func restart() async throws {
        await fill(History(directory: directory), 100)
        let journal = directory + "/10s/journal"
        let handle = try #require(FileHandle(forWritingAtPath: journal))
        let size = try handle.seekToEnd()
        #expect(size > 0)
        // The last record is there in part only.
        try handle.truncate(atOffset: size - 3)
        try handle.close()
        let history = History(directory: directory)
        await fill(history, from: 100, 10)
        let end = Self.start + 1_090
        let series = await history.series(HistoryQuery("in_flight", from: end - 1_000, to: end, points: 101))
        let values = series.first?.points.map(\.value) ?? []
        #expect(values.count == 101)
        #expect(values.filter { $0 == nil }.isEmpty)
        #expect(values.last == 4)
        let rate = await history.series(
            HistoryQuery("requests_total", from: end - 900, to: end, points: 30, reading: .rate))
        #expect(rate.first?.points.allSatisfy { $0.value == 2 } == true)
    }

    @Test("A time in which Martlet did not run is a gap")
    func gap() async {
        let history = History(directory: directory)
        await fill(history, 60)
        await fill(history, from: 120, 60)
        let end = Self.start + 1_790
        let series = await history.series(HistoryQuery("in_flight", from: Self.start, to: end, points: 180))
        let known = series.first?.points.map { $0.value != nil } ?? []
        #expect(known.prefix(55).allSatisfy { $0 })
        #expect(known.suffix(55).allSatisfy { $0 })
        #expect(known[65..<115].allSatisfy { !$0 })
    }

    @Test("Quantiles are those of Prometheus, and buckets that stay empty are not missed")
    func quantiles() async {
        let bounds = BucketBounds([10, 100, 1_000])
        let history = History(directory: directory)
        for tick in 0..<30 {
            let family = MetricFamily(
                "latency_milliseconds", .histogram, help: "",
                samples: MetricFamily.histogram(
                    bounds, counts: [0, tick * 90, tick * 10, 0], sum: 0, labels: MetricLabels([("service", "a")])))
            await history.record([family], Self.keep, at: Self.start + Double(tick) * 10)
        }
        let end = Self.start + 290
        func quantile(_ share: Double) async -> Double? {
            await history.series(
                HistoryQuery(
                    "latency_milliseconds", from: end - 200, to: end, points: 1, reading: .quantile(share))
            ).first?.points.first?.value
        }
        #expect(await quantile(0.5) == 100 * 0.5 / 0.9)
        #expect(abs((await quantile(0.95) ?? 0) - 550) < 1e-6)
    }

    @Test("What is too old goes, on disk too")
    func expiry() async throws {
        let history = History(directory: directory)
        await fill(history, 6 * 60 * 4)
        let files = try FileManager.default.contentsOfDirectory(atPath: directory + "/10s")
        #expect(files.filter { $0.hasSuffix(".segment") }.count <= 13)
    }

    @Test("Series beyond the limit are left out, and counted")
    func limit() async {
        let history = History(directory: directory, limit: 3)
        let families = (0..<5).flatMap { Self.families("\($0)", requests: 1, inFlight: 1) }
        await history.record(families, Self.keep, at: Self.start)
        #expect(await history.seriesCount == 3)
        #expect(await history.dropped > 0)
    }
}
