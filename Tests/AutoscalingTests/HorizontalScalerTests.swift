import Testing

@testable import Autoscaling

@Suite("A HorizontalPodAutoscaler's behavior")
struct HorizontalScalerTests {
    private var scaler = HorizontalScaler(current: 2, at: .zero)

    private mutating func decide(
        _ proposed: Int, current: Int, at second: Int, bounds: ClosedRange<Int> = 1...100,
        up: HorizontalRules = .up, down: HorizontalRules = .down
    ) -> HorizontalScaler.Decision {
        let decision = scaler.decide(
            proposed: proposed, current: current, bounds: bounds, up: up, down: down, at: .seconds(second))
        if decision.replicas != current {
            scaler.rescaled(from: current, to: decision.replicas, at: .seconds(second))
        }
        return decision
    }

    @Test("goes up at once, by four pods or to the double in 15 s, whichever is more")
    mutating func upRate() {
        #expect(decide(50, current: 2, at: 1) == .init(replicas: 6, stability: .ready, limit: .upRate))
        #expect(decide(50, current: 6, at: 10).replicas == 6)
        #expect(decide(50, current: 6, at: 17).replicas == 12)
        #expect(decide(50, current: 12, at: 33).replicas == 24)
    }

    @Test("goes down only to what was wanted most within 300 s")
    mutating func downStabilization() {
        #expect(decide(5, current: 5, at: 10) == .init(replicas: 5, stability: .ready, limit: .withinRange))
        #expect(decide(1, current: 5, at: 20) == .init(replicas: 5, stability: .downStabilized, limit: .withinRange))
        #expect(decide(3, current: 5, at: 100).replicas == 5)
        #expect(decide(1, current: 5, at: 311).replicas == 3)
        #expect(decide(1, current: 3, at: 401) == .init(replicas: 1, stability: .ready, limit: .withinRange))
    }

    @Test("a new one scales nothing down for a window, as after a restart")
    mutating func restart() {
        #expect(decide(1, current: 2, at: 299).replicas == 2)
        #expect(decide(1, current: 2, at: 301).replicas == 1)
    }

    @Test("an upward window takes the least that was wanted in it")
    mutating func upStabilization() {
        var up = HorizontalRules.up
        up.stabilizationWindow = .seconds(60)
        #expect(
            decide(4, current: 2, at: 30, up: up) == .init(replicas: 2, stability: .upStabilized, limit: .withinRange))
        #expect(decide(6, current: 2, at: 61, up: up).replicas == 4)
    }

    @Test("keeps to its bounds, and says so")
    mutating func bounds() {
        #expect(decide(9, current: 2, at: 1, bounds: 1...3) == .init(replicas: 3, stability: .ready, limit: .tooMany))
        #expect(decide(0, current: 3, at: 400, bounds: 2...3) == .init(replicas: 2, stability: .ready, limit: .tooFew))
        #expect(
            decide(0, current: 2, at: 800, bounds: 0...3) == .init(replicas: 0, stability: .ready, limit: .withinRange))
    }

    @Test("the policy that allows least counts where that is selected, and none where it is disabled")
    mutating func selection() {
        var up = HorizontalRules.up
        up.selection = .min
        #expect(decide(50, current: 2, at: 1, up: up).replicas == 4)
        up.selection = .disabled
        #expect(decide(50, current: 4, at: 40, up: up) == .init(replicas: 4, stability: .ready, limit: .upRate))
    }

    @Test("policies bound what goes in their period, what came meanwhile included")
    mutating func downRate() {
        let down = HorizontalRules(
            stabilizationWindow: .zero,
            policies: [.init(.pods, 2, period: .seconds(60)), .init(.percent, 10, period: .seconds(60))])
        #expect(decide(1, current: 10, at: 1, down: down) == .init(replicas: 8, stability: .ready, limit: .downRate))
        #expect(decide(1, current: 8, at: 30, down: down).replicas == 8)
        #expect(decide(1, current: 8, at: 62, down: down).replicas == 6)
    }
}
