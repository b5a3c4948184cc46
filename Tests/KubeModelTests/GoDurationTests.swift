import KubeModel
import Testing

@Suite("Durations as Go writes them")
struct GoDurationTests {
    @Test(
        "are read",
        arguments: [
            ("0", 0.0), ("1s", 1), ("90s", 90), ("1m30s", 90), ("1.5h", 5_400), ("250ms", 0.25), ("-2s", -2),
            ("2h0m0s", 7_200),
        ])
    func durations(text: String, seconds: Double) {
        #expect(GoDuration.seconds(text) == seconds)
        #expect(Duration(goText: text) == (seconds < 0 ? nil : .seconds(seconds)))
    }

    @Test("Other texts are none", arguments: ["", "s", "1", "1d", "1 s", "one", "-", "1s1", "5x", "1s2", "9999999h"])
    func noDurations(text: String) {
        #expect(GoDuration.seconds(text) == nil)
        #expect(Duration(goText: text) == nil)
    }
}
