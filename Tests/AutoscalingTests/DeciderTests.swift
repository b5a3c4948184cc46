import Testing

@testable import Autoscaling

@Suite("The pod autoscaler decides")
struct DeciderTests {
    /// A decider that saw `concurrency` for so many seconds.
    private func decider(
        _ annotations: [String: String] = [:], containerConcurrency: Int = 0, ready: Int = 1, concurrency: Double,
        seconds: Int
    ) -> Decider {
        let policy = ScalingPolicy(annotations: annotations, containerConcurrency: containerConcurrency)
        var decider = Decider(policy, ready: min(ready, 1), at: .zero)
        for second in 0..<seconds {
            decider.record(concurrency, from: .seconds(second), to: .seconds(second + 1))
        }
        return decider
    }

    @Test(
        "as many replicas as the average load needs at 70 % of a replica's capacity (row 2)",
        arguments: [(0.0, 0), (1, 1), (70, 1), (71, 2), (140, 2), (141, 3), (700, 10)])
    func stable(concurrency: Double, expected: Int) {
        var decider = decider(concurrency: concurrency, seconds: 60)
        #expect(decider.decide(ready: 10, load: 0, at: .seconds(60)).desired == max(expected, 5))
        #expect(decider.decide(ready: 1, load: 0, isReachable: false, at: .seconds(60)).desired >= expected)
    }

    @Test("the hard limit of a container is its capacity, and a target beyond it is cut (rows 9 and 12)")
    func containerConcurrency() {
        #expect(ScalingPolicy(containerConcurrency: 10).target == 7)
        #expect(ScalingPolicy(annotations: ["target": "20"], containerConcurrency: 10).target == 7)
        #expect(ScalingPolicy(annotations: ["target": "5"], containerConcurrency: 10).target == 3.5)
    }

    @Test("the first request of an idle revision wants a replica at once (row 1)")
    func firstRequest() {
        var decider = Decider(ScalingPolicy(), ready: 0, at: .zero)
        for second in 0..<100 { decider.record(0, from: .seconds(second), to: .seconds(second + 1)) }
        #expect(decider.decide(ready: 0, load: 0, at: .seconds(100)).desired == 0)
        decider.record(0.001, from: .seconds(100), to: .seconds(100.001))
        #expect(decider.decide(ready: 0, load: 1, at: .seconds(100.001)).desired == 1)
    }

    @Test("twice the load of what is ready within the panic window begins a panic that never shrinks (row 3)")
    func panic() {
        var decider = decider(containerConcurrency: 1, concurrency: 0.5, seconds: 60)
        for second in 60..<66 { decider.record(7, from: .seconds(second), to: .seconds(second + 1)) }
        let start = decider.decide(ready: 1, load: 7, at: .seconds(66))
        #expect(start.isPanicking)
        #expect(start.desired == 10)
        for second in 66..<100 { decider.record(0, from: .seconds(second), to: .seconds(second + 1)) }
        #expect(decider.decide(ready: 10, load: 0, at: .seconds(100)).desired == 10)
        for second in 100..<130 { decider.record(0, from: .seconds(second), to: .seconds(second + 1)) }
        let after = decider.decide(ready: 10, load: 0, at: .seconds(130))
        #expect(!after.isPanicking)
        #expect(after.desired == 5)
    }

    @Test("where each replica needs a device, a burst starts none: only the stable window counts")
    func noPanic() {
        var policy = ScalingPolicy(containerConcurrency: 1)
        policy.panics = false
        var decider = Decider(policy, ready: 1, at: .zero)
        for second in 0..<60 { decider.record(0.5, from: .seconds(second), to: .seconds(second + 1)) }
        for second in 60..<66 { decider.record(7, from: .seconds(second), to: .seconds(second + 1)) }
        let decision = decider.decide(ready: 1, load: 7, at: .seconds(66))
        #expect(!decision.isPanicking)
        #expect(decision.desired == 2)
    }

    @Test("a restart with replicas scales nothing down for a stable window (row 8)")
    func restart() {
        var decider = Decider(ScalingPolicy(), ready: 4, at: .zero)
        for second in 0..<70 { decider.record(0, from: .seconds(second), to: .seconds(second + 1)) }
        #expect(decider.decide(ready: 4, load: 0, at: .seconds(59)).desired == 4)
        #expect(decider.decide(ready: 4, load: 0, at: .seconds(61)).desired == 2)
    }

    @Test("at most half the replicas go at once where a route leads to them, all where none does (row 4)")
    func rates() {
        var decider = decider(concurrency: 0, seconds: 60)
        #expect(decider.decide(ready: 9, load: 0, at: .seconds(60)).desired == 4)
        #expect(decider.decide(ready: 9, load: 0, isReachable: false, at: .seconds(60)).desired == 0)
    }

    @Test("activation-scale raises any number but zero (row 6)")
    func activationScale() {
        var busy = decider(["activation-scale": "3"], concurrency: 1, seconds: 60)
        #expect(busy.decide(ready: 1, load: 1, at: .seconds(60)).desired == 3)
        var idle = decider(["activation-scale": "3"], concurrency: 0, seconds: 60)
        #expect(idle.decide(ready: 1, load: 0, at: .seconds(60)).desired == 0)
    }

    @Test("scale-down-delay keeps the largest number of the delay (row 7)")
    func scaleDownDelay() {
        var decider = Decider(
            ScalingPolicy(annotations: ["scale-down-delay": "60s", "window": "6s"]), ready: 1, at: .zero)
        decider.record(141 * 6, from: .zero, to: .seconds(6))
        #expect(decider.decide(ready: 3, load: 141, at: .seconds(6)).desired == 3)
        decider.record(0, from: .seconds(6), to: .seconds(60))
        #expect(decider.decide(ready: 3, load: 0, at: .seconds(60)).desired == 3)
        decider.record(0, from: .seconds(60), to: .seconds(140))
        #expect(decider.decide(ready: 3, load: 0, at: .seconds(140)).desired == 1)
    }

    @Test(
        "excess burst capacity is what is ready beyond the burst, none at 0, negative at -1 (row 15)",
        arguments: [("211", -112), ("0", 0), ("-1", -1), ("50", 49)])
    func burst(capacity: String, expected: Int) {
        var decider = decider(["target-burst-capacity": capacity], concurrency: 1, seconds: 60)
        #expect(decider.decide(ready: 1, load: 1, at: .seconds(60)).excessBurstCapacity == expected)
    }

    @Test(
        "panic begins at the threshold, reckoned before any rate, of one replica at least (rows 3 and 5)",
        arguments: [
            (0, 13.9, true), (1, 13.9, true), (1, 7.0, false), (2, 21.1, true), (2, 21.0, false), (10, 133, false),
            (10, 139, true),
        ])
    func threshold(ready: Int, concurrency: Double, panics: Bool) {
        // A target of 7: 13.9 wants two, 21.1 wants four.
        var decider = decider(containerConcurrency: 10, ready: 0, concurrency: concurrency, seconds: 60)
        #expect(decider.decide(ready: ready, load: 0, at: .seconds(60)).isPanicking == panics)
    }

    @Test("another reason within a panic makes it last for another stable window (row 3)")
    func panicExtends() {
        var decider = decider(containerConcurrency: 1, concurrency: 7, seconds: 60)
        #expect(decider.decide(ready: 1, load: 7, at: .seconds(60)).isPanicking)
        for second in 60..<90 { decider.record(7, from: .seconds(second), to: .seconds(second + 1)) }
        #expect(decider.decide(ready: 1, load: 7, at: .seconds(90)).isPanicking)
        for second in 90..<151 { decider.record(0, from: .seconds(second), to: .seconds(second + 1)) }
        #expect(decider.decide(ready: 10, load: 0, at: .seconds(149)).isPanicking)
        #expect(!decider.decide(ready: 10, load: 0, at: .seconds(151)).isPanicking)
    }

    @Test("no more than max-scale-up-rate times what is ready (row 4)")
    func upRate() {
        var configuration = AutoscalerConfiguration()
        configuration.maxScaleUpRate = 2
        var decider = Decider(ScalingPolicy(configuration, containerConcurrency: 1), ready: 1, at: .zero)
        decider.record(700 * 60, from: .zero, to: .seconds(60))
        #expect(decider.decide(ready: 1, load: 0, at: .seconds(60)).desired == 2)
        #expect(decider.decide(ready: 3, load: 0, at: .seconds(60)).desired == 6)
    }

    @Test("requests per second are counted against a target of 140 (row 10)")
    func requestsPerSecond() {
        var decider = Decider(ScalingPolicy(annotations: ["metric": "rps"]), ready: 1, at: .zero)
        decider.record(141 * 60, from: .zero, to: .seconds(60))
        #expect(decider.decide(ready: 2, load: 0, at: .seconds(60)).desired == 2)
    }
}

@Suite("Bounds and the way to zero")
struct ScaleToZeroTests {
    @Test("bounds apply where a route leads to the revision (rows 18, 19 and 23)")
    func bounds() {
        let policy = ScalingPolicy(annotations: ["min-scale": "2", "max-scale": "5", "initial-scale": "3"])
        #expect(policy.bounded(0, isReachable: true, isInitialized: true) == 2)
        #expect(policy.bounded(0, isReachable: true, isInitialized: false) == 3)
        #expect(policy.bounded(9, isReachable: true, isInitialized: true) == 5)
        #expect(policy.bounded(0, isReachable: false, isInitialized: false) == 0)
    }

    @Test("without scale to zero one stays, even where no route leads to the revision")
    func never() {
        var configuration = AutoscalerConfiguration()
        configuration.allowsScaleToZero = false
        let policy = ScalingPolicy(configuration)
        #expect(policy.bounded(0, isReachable: true, isInitialized: true) == 1)
        #expect(policy.bounded(0, isReachable: false, isInitialized: true) == 1)
    }

    @Test("a first scale beyond the largest is the largest: it could never be reached")
    func initialBeyondLargest() {
        #expect(ScalingPolicy(annotations: ["initial-scale": "3", "max-scale": "2"]).initialScale == 2)
        #expect(ScalingPolicy(annotations: ["initial-scale": "3"]).initialScale == 3)
    }

    @Test("the cluster's settings bound what a revision asks for (rows 18, 19 and 21)")
    func clusterBounds() {
        var configuration = AutoscalerConfiguration()
        configuration.maxScaleLimit = 4
        configuration.allowsScaleToZero = false
        configuration.allowsZeroInitialScale = false
        #expect(ScalingPolicy(configuration, annotations: ["max-scale": "9"]).maxScale == 4)
        #expect(ScalingPolicy(configuration, annotations: ["max-scale": "0"]).maxScale == 4)
        #expect(ScalingPolicy(configuration, annotations: ["max-scale": "2"]).maxScale == 2)
        let policy = ScalingPolicy(configuration, annotations: ["initial-scale": "0"])
        #expect(policy.initialScale == 1)
        #expect(policy.bounded(0, isReachable: false, isInitialized: true) == 1)
    }

    @Test("active for a window, inactive for the grace period, then none; a start that fails is given up (rows 20, 22)")
    func steps() {
        let policy = ScalingPolicy()
        func step(_ activity: ScaleToZero.Activity, _ seconds: Int) -> ScaleToZero.Step {
            ScaleToZero.step(activity, policy: policy, progressDeadline: .seconds(600), at: .seconds(seconds))
        }
        #expect(step(.active(since: .zero), 59) == .hold(lookAgainAfter: .seconds(1)))
        #expect(step(.active(since: .zero), 60) == .becomeInactive)
        #expect(step(.inactive(since: .zero), 29) == .hold(lookAgainAfter: .seconds(1)))
        #expect(step(.inactive(since: .zero), 30) == .scaleToZero)
        #expect(step(.activating(since: .zero), 629) == .hold(lookAgainAfter: .seconds(1)))
        #expect(step(.activating(since: .zero), 630) == .giveUp)
    }

    @Test("retention is a least, not a sum (row 20)")
    func retention() {
        let policy = ScalingPolicy(annotations: ["scale-to-zero-pod-retention-period": "1m30s"])
        let step = ScaleToZero.step(
            .inactive(since: .zero), policy: policy, progressDeadline: .seconds(600), at: .seconds(31))
        #expect(step == .hold(lookAgainAfter: .seconds(59)))
    }
}
