import Randomness
import Testing

@testable import Autoscaling

@Suite("A decision is a function of a recorded history")
struct DeciderReplayTests {
    @Test("the same history brings the same decisions", arguments: 1...20 as ClosedRange<UInt64>)
    func replay(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        let policy = Self.policy(&random)
        let ready = Int.random(in: 0...5, using: &random)
        var decider = Decider(policy, ready: ready, at: .zero)
        var history: [Decider.Input] = []
        var decisions: [Decider.Decision] = []
        var now = 0.0
        for _ in 0..<200 {
            let input = Self.input(&random, &now)
            history.append(input)
            if let decision = decider.take(input) { decisions.append(decision) }
        }
        #expect(Decider.replay(history, policy: policy, ready: ready, from: .zero) == decisions, "seed \(seed)")
        #expect(decisions.count > 20)
    }

    @Test("no number that can be written down stops it", arguments: ["1e308", "0.01", "1e-300", "inf"])
    func extremes(target: String) {
        let policy = ScalingPolicy(annotations: ["target": target, "target-burst-capacity": "1e308"])
        var decider = Decider(policy, ready: 0, at: .zero)
        decider.record(1e308, from: .zero, to: .seconds(1))
        let decision = decider.decide(ready: 1 << 31, load: 1e308, at: .seconds(1))
        #expect(decision.desired >= 0 && decision.desired <= Int(Int32.max))
    }

    private static func input(_ random: inout SeededRandom, _ now: inout Double) -> Decider.Input {
        switch Int.random(in: 0..<20, using: &random) {
        case 0: return .update(policy(&random))
        case 1..<10:
            let start = now
            now += Double.random(in: 0.01...5, using: &random)
            return .record(
                total: Double.random(in: 0...500, using: &random), from: .seconds(start), to: .seconds(now))
        default:
            return .decide(
                ready: Int.random(in: 0...20, using: &random), load: Double.random(in: 0...50, using: &random),
                isReachable: Bool.random(using: &random), at: .seconds(now))
        }
    }

    private static func policy(_ random: inout SeededRandom) -> ScalingPolicy {
        let windows = ["6s", "20s", "60s"]
        return ScalingPolicy(annotations: [
            "window": windows[Int.random(in: 0..<3, using: &random)], "target": "5",
            "scale-down-delay": Bool.random(using: &random) ? "30s" : "0s",
            "metric-aggregation-algorithm": Bool.random(using: &random) ? "linear" : "weighted-exponential",
        ])
    }
}

@Suite("The way of the requests")
struct ServerlessServiceTests {
    @Test(
        "straight to the replicas where they can take the burst (row 16)",
        arguments: [
            (1, 0, ServerlessService.Mode.serve), (1, -1, .proxy), (0, 5, .proxy), (-1, 5, .proxy), (3, 100, .serve),
        ])
    func mode(want: Int, excess: Int, expected: ServerlessService.Mode) {
        #expect(ServerlessService.mode(want: want, excessBurstCapacity: excess) == expected)
    }

    @Test(
        "as many activators as hold the load and the burst, two at least (row 17)",
        arguments: [(1, "211", 4), (0, "211", 3), (10, "211", 13), (10, "0", 2), (1, "1", 2)])
    func activators(ready: Int, burst: String, expected: Int) {
        let policy = ScalingPolicy(annotations: ["target-burst-capacity": burst])
        #expect(
            ServerlessService.activators(ready: ready, policy: policy, activatorCapacity: 100) == expected)
    }
}
