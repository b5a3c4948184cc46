import JSONModel
import KubeModel
import Randomness
import ServingAPI
import Testing

@testable import ServingControllers

@Suite("Gradual rollouts")
struct RolloutTests {
    private func settled(_ shares: (String, Int)...) -> Rollout {
        Rollout(
            configuration: "c", tag: nil, shares: shares.map { Rollout.Share(revision: $0.0, percent: $0.1) })
    }

    private func moment(_ seconds: Double, duration: Double = 10, served: Bool = true) -> Rollout.Moment {
        Rollout.Moment(now: .seconds(seconds), duration: .seconds(duration), isServed: served)
    }

    private func text(_ rollout: Rollout) -> String {
        rollout.shares.map { "\($0.revision) \($0.percent)" }.joined(separator: ", ")
    }

    @Test("without a duration, or with 1 % to give, all moves at once", arguments: [(0.0, 100), (10.0, 1)])
    func atOnce(duration: Double, percent: Int) {
        var rollout = settled(("a", percent))
        rollout.advance(to: "b", percent: percent, at: moment(0, duration: duration))
        #expect(text(rollout) == "b \(percent)")
        #expect(!rollout.isMoving)
    }

    @Test("the first revision of all has nobody to share with")
    func first() {
        var rollout = settled()
        rollout.advance(to: "a", percent: 100, at: moment(0))
        #expect(text(rollout) == "a 100")
    }

    @Test("1 % first; then, once that is served, a step of the time that took, until the duration is over")
    func steps() {
        var rollout = settled(("a", 100))
        rollout.advance(to: "b", percent: 100, at: moment(100))
        #expect(text(rollout) == "a 99, b 1")
        rollout.advance(to: "b", percent: 100, at: moment(101, served: false))
        #expect(rollout.pace == nil)
        rollout.advance(to: "b", percent: 100, at: moment(101.2))
        // 1.2 s count as 2: 8 s are left, which are 4 steps of 25 %.
        #expect(rollout.pace == Rollout.Pace(stepSize: 25, stepDuration: .seconds(2), nextStep: .seconds(103.2)))
        var seen: [String] = []
        for second in stride(from: 101.7, to: 112, by: 0.5) {
            rollout.advance(to: "b", percent: 100, at: moment(second))
            if seen.last != text(rollout) { seen.append(text(rollout)) }
        }
        #expect(seen == ["a 99, b 1", "a 74, b 26", "a 49, b 51", "a 24, b 76", "b 100"])
        #expect(!rollout.isMoving)
    }

    @Test(
        "the pace: as many steps as fit, of 1 % at least",
        arguments: [
            (100.0, 0.01, 100, 1, 1.0), (1000, 0.01, 100, 1, 999.0 / 99), (10, 0.01, 100, 11, 1), (10, 0.01, 3, 1, 4.5),
            (1, 0.01, 100, 99, 1), (5, 9, 100, 99, 1), (60, 20, 100, 50, 20), (100, 0.01, 2, 1, 99),
        ] as [(Double, Double, Int, Int, Double)])
    func pace(duration: Double, measured: Double, percent: Int, size: Int, pause: Double) {
        var rollout = settled(("a", percent))
        rollout.advance(to: "b", percent: percent, at: moment(0, duration: duration))
        rollout.advance(to: "b", percent: percent, at: moment(measured, duration: duration))
        #expect(rollout.pace?.stepSize == size)
        #expect(abs((rollout.pace?.stepDuration ?? .zero) / .seconds(1) - pause) < 1e-9)
    }

    @Test("a further revision begins with 1 %, and those before it stay; the oldest is drained first")
    func further() {
        var rollout = settled(("a", 60), ("b", 40))
        rollout.advance(to: "c", percent: 100, at: moment(0))
        #expect(text(rollout) == "a 59, b 40, c 1")
        rollout.advance(to: "c", percent: 100, at: moment(0, duration: 2))
        rollout.advance(to: "c", percent: 100, at: moment(1, duration: 2))
        #expect(text(rollout) == "c 100")
    }

    @Test("back to one that has a share still, it goes on with that share")
    func back() {
        var rollout = settled(("a", 60), ("b", 40))
        rollout.advance(to: "a", percent: 100, at: moment(0))
        #expect(text(rollout) == "b 40, a 60")
    }

    @Test(
        "another percentage: more is the newest one's, less is the oldest one's",
        arguments: [(100, "a 30, b 70"), (40, "a 20, b 20"), (10, "b 10"), (1, "b 1"), (0, "b 0")])
    func percentage(wanted: Int, expected: String) {
        var rollout = Rollout(
            configuration: "c", tag: nil,
            shares: [Rollout.Share(revision: "a", percent: 30), Rollout.Share(revision: "b", percent: 20)],
            start: .zero)
        if wanted == 40 { rollout = settled(("a", 30), ("b", 20)) }
        rollout.advance(to: "b", percent: wanted, at: moment(0, served: false))
        #expect(text(rollout) == expected)
    }

    @Test("a step that is due waits until the newest revision is ready and served, and is not looked for meanwhile")
    func held() {
        var rollout = settled(("a", 100))
        rollout.advance(to: "b", percent: 100, at: moment(0))
        rollout.advance(to: "b", percent: 100, at: moment(0))
        let before = text(rollout)
        var sick = moment(5)
        sick.isHealthy = false
        rollout.advance(to: "b", percent: 100, at: sick)
        #expect(rollout.isHeld)
        #expect(text(rollout) == before)
        #expect(rollout.nextLook(at: .seconds(5)) == nil)
        rollout.advance(to: "b", percent: 100, at: moment(6))
        #expect(!rollout.isHeld)
        #expect(text(rollout) != before)
        #expect(rollout.nextLook(at: .seconds(6)) == .seconds(1))
    }

    @Test("a revision that is gone leaves its share to the newest; a duration of 0 ends it at once")
    func gone() {
        var rollout = settled(("a", 50), ("b", 30), ("c", 20))
        rollout.keep { $0 != "a" }
        #expect(text(rollout) == "b 30, c 70")
        rollout.advance(to: "c", percent: 100, at: moment(0, duration: 0))
        #expect(text(rollout) == "c 100")
    }

    @Test("what is under way survives being written and read; anything else reads as nothing")
    func survives() {
        var rollout = settled(("a", 100))
        rollout.advance(to: "b", percent: 100, at: moment(1_767_225_600.5))
        #expect(RolloutText.read(RolloutText.write([rollout])) == [rollout])
        rollout.advance(to: "b", percent: 100, at: moment(1_767_225_601.25))
        #expect(RolloutText.read(RolloutText.write([rollout])) == [rollout])
        #expect(RolloutText.write([settled(("a", 100))]) == nil)
        for text in [nil, "", "{", "[]", #"{"configurations":[{"configurationName":"c"}]}"#] as [String?] {
            #expect(RolloutText.read(text).isEmpty)
        }
    }

    @Test("whatever happens, the shares are the wanted percentage, none is negative, and it comes to an end")
    func property() {
        var random = SeededRandom()
        for _ in 0..<FuzzRun.iterations(300) {
            var rollout = settled()
            var (now, wanted, newest) = (0.0, 100, 1)
            for _ in 0..<40 {
                if random.below(6) == 0 { newest = 1 + random.below(9) }
                if random.below(9) == 0 { wanted = random.below(101) }
                now += Double(random.below(30)) / 10
                var moment = moment(now, duration: Double(random.below(30)))
                moment.isServed = random.below(2) == 0
                moment.isHealthy = random.below(3) > 0
                let lost = "r\(1 + random.below(30))"
                rollout.keep { $0 != lost }
                rollout.advance(to: "r\(newest)", percent: wanted, at: moment)
                let isRight =
                    rollout.percent == wanted && rollout.shares.allSatisfy { $0.percent >= 0 }
                    && rollout.newest == "r\(newest)"
                    && Set(rollout.shares.map(\.revision)).count == rollout.shares.count
                #expect(isRight, "seed \(random.seed): \(text(rollout)), wanted \(wanted) for r\(newest)")
            }
            for _ in 0..<200 {
                now += 20
                rollout.advance(to: "r\(newest)", percent: wanted, at: moment(now, duration: 30))
            }
            #expect(!rollout.isMoving && rollout.shares.count == 1, "seed \(random.seed)")
        }
    }
}
