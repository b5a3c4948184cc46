import KubeController
import Testing

@testable import ModelStorage

@Suite("Progress")
struct ProgressTests {
    @Test(
        "counts of bytes are told in decimal units",
        arguments: [
            (0, "0 B"), (999, "999 B"), (1000, "1.0 kB"), (34_100_000, "34.1 MB"), (999_949, "999.9 kB"),
            (999_950, "1.0 MB"), (98_362_432, "98.4 MB"), (4_000_000_000, "4.0 GB"), (-5, "0 B"),
        ] as [(Int64, String)])
    func bytes(count: Int64, text: String) {
        #expect(ByteText.decimal(count) == text)
    }

    @Test(
        "is told in words",
        arguments: [
            (ModelProgress(phase: .resolving), "looking up the model"),
            (
                ModelProgress(
                    phase: .downloading, bytesDone: 34_100_000, bytesTotal: 98_000_000, bytesPerSecond: 12_300_000),
                "fetched 34.1 MB of 98.0 MB (12.3 MB/s, 6 s left)"
            ),
            (
                ModelProgress(
                    phase: .downloading, bytesDone: 0, bytesTotal: 80_000_000_000, bytesPerSecond: 10_000_000),
                "fetched 0 B of 80.0 GB (10.0 MB/s, 2 h 13 min left)"
            ),
            (ModelProgress(phase: .downloading, bytesDone: 5), "fetched 5 B"),
            (
                ModelProgress(phase: .downloading, bytesDone: 5, hindrance: "the connection was cut"),
                "fetched 5 B; the connection was cut"
            ),
            (ModelProgress(phase: .unpacking, bytesDone: 1000, bytesTotal: 2000), "unpacked 1.0 kB of 2.0 kB"),
        ])
    func words(progress: ModelProgress, text: String) {
        #expect(progress.description == text)
    }

    @Test("comes ten times a second, with the rate of the last seconds")
    func rate() {
        let time = ManualTime()
        let record = Record<ModelProgress>()
        var reports: [ModelProgress] { record.all }
        let meter = ProgressMeter(time: time) { record.add($0) }
        meter.begin(.downloading, done: 1000, total: 1_000_000)
        for step in 1...100 {
            time.advance(by: .milliseconds(10))
            meter.reach(1000 + Int64(step) * 100)
        }
        #expect(reports.count == 11)
        #expect(reports.last?.bytesPerSecond == 10_000)
        time.advance(by: .seconds(10))
        meter.reach(11_000 + 50_000)
        #expect((reports.last?.bytesPerSecond ?? 0) < 6_000)
        meter.reach(1_000_000)
        #expect(reports.last?.bytesDone == 1_000_000)
    }

    @Test("tells what holds a fetch up, and that it goes on")
    func hindrance() {
        let time = ManualTime()
        let record = Record<ModelProgress>()
        var reports: [ModelProgress] { record.all }
        let meter = ProgressMeter(time: time) { record.add($0) }
        meter.begin(.downloading)
        meter.hinder("the server answered 503; trying again in 0.5 s")
        #expect(reports.last?.hindrance == "the server answered 503; trying again in 0.5 s")
        meter.hinder(nil)
        time.advance(by: .seconds(1))
        meter.reach(5)
        #expect(reports.last?.hindrance == nil)
    }
}
