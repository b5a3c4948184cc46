import Randomness
import Testing

@testable import Authorization

@Suite("So much in so long")
struct RateMeterTests {
    @Test("a minute's amount is there at once, and comes back evenly")
    func refills() {
        let meter = RateMeter(limit: 60, period: 60)
        for _ in 0..<60 { #expect(meter.take(1, at: 1_000) == nil) }
        #expect(meter.remaining(at: 1_000) == 0)
        #expect(abs((meter.take(1, at: 1_000) ?? 0) - 1) < 0.001)
        #expect(meter.remaining(at: 1_030) == 30)
        #expect(meter.take(30, at: 1_030) == nil && meter.take(1, at: 1_030) != nil)
        #expect(meter.remaining(at: 2_000) == 60)
    }

    @Test("more than all of it never fits")
    func never() { #expect(RateMeter(limit: 5, period: 60).take(6, at: 0) == .infinity) }

    @Test("what is used beyond what was reserved is owed, what was not used comes back")
    func settles() {
        let meter = RateMeter(limit: 100, period: 100)
        #expect(meter.take(50, at: 0) == nil)
        meter.settle(-30, at: 0)
        #expect(meter.remaining(at: 0) == 80)
        meter.settle(100, at: 0)
        #expect(meter.remaining(at: 0) == 0 && meter.take(1, at: 10) != nil && meter.take(1, at: 21) == nil)
    }

    @Test("never lets through more than two periods' amounts in one period, whatever is asked when")
    func bound() {
        var random = SeededRandom()
        for _ in 0..<200 {
            let limit = Int.random(in: 1...50, using: &random)
            let meter = RateMeter(limit: limit, period: 10)
            var (now, taken) = (0.0, [(Double, Int)]())
            for _ in 0..<300 {
                now += Double.random(in: 0...0.5, using: &random)
                let amount = Int.random(in: 1...limit, using: &random)
                if meter.take(amount, at: now) == nil { taken.append((now, amount)) }
                let recent = taken.filter { $0.0 > now - 10 }.reduce(0) { $0 + $1.1 }
                #expect(recent <= 2 * limit, "seed \(random.seed)")
            }
        }
    }
}

@Suite("What a key may use")
struct KeyBudgetTests {
    private func budget(_ change: (inout KeyLimits) -> Void) -> KeyBudget {
        var limits = KeyLimits()
        change(&limits)
        return KeyBudget(limits)
    }

    @Test("a request that one limit refuses takes nothing of the others")
    func rollsBack() {
        let budget = budget {
            $0.requestsPerMinute = 10
            $0.tokensPerMinute = 100
            $0.tokensPerDay = 50
            $0.concurrentRequests = 1
        }
        #expect(budget.reserve(60, at: 0).exceeded == .init(limit: .tokensPerDay, wait: .infinity))
        #expect(budget.requests?.remaining(at: 0) == 10 && budget.tokens?.remaining(at: 0) == 100)
        #expect(budget.requestsInFlight == 0)
    }

    @Test("places at once are given back when a request ends")
    func concurrency() throws {
        let budget = budget { $0.concurrentRequests = 2 }
        let first = try #require(budget.reserve(0, at: 0).reservation)
        _ = budget.reserve(0, at: 0)
        #expect(budget.reserve(0, at: 0).exceeded?.limit == .concurrentRequests)
        budget.settle(first, used: 0, at: 0)
        #expect(budget.reserve(0, at: 0).reservation != nil)
    }

    @Test("the server's count replaces the estimate")
    func settles() throws {
        let budget = budget {
            $0.tokensPerMinute = 100
            $0.tokensPerDay = 1_000
        }
        let reservation = try #require(budget.reserve(90, at: 0).reservation)
        budget.settle(reservation, used: 20, at: 0)
        #expect(budget.tokens?.remaining(at: 0) == 80 && budget.dailyTokens?.remaining(at: 0) == 980)
    }

    @Test("a key whose limits change keeps what it has used")
    func changes() {
        let first = budget { $0.requestsPerMinute = 10 }
        for _ in 0..<10 { _ = first.reserve(0, at: 0) }
        var limits = KeyLimits()
        limits.requestsPerMinute = 20
        #expect(KeyBudget(limits, after: first).reserve(0, at: 0).exceeded?.limit == .requestsPerMinute)
    }
}

extension KeyBudget.Admission {
    var reservation: KeyBudget.Reservation? { if case .admitted(let reservation) = self { reservation } else { nil } }
    var exceeded: KeyBudget.Exceeded? { if case .exceeded(let exceeded) = self { exceeded } else { nil } }
}
