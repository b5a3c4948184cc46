import KubeModel
import ServingAPI
import Testing

@testable import ServingControllers

@Suite("Judging a canary")
struct JudgeTests {
    private func judge(_ objectives: String, percent: Int = 10) throws -> Judge {
        Judge(policy: try #require(JudgePolicy([ServingKeys.judge: objectives])), percent: percent)
    }

    private func outcomes(
        _ requests: Int, errors: Int = 0, firstToken: [Int] = [], tokens: Int = 0, seconds: Double = 0
    ) -> RequestOutcomes {
        var outcomes = RequestOutcomes()
        (outcomes.requests, outcomes.errors) = (requests, errors)
        if !firstToken.isEmpty { outcomes.firstToken = LatencyCounts(bounds: [1, 2, 4], counts: firstToken) }
        (outcomes.tokens, outcomes.generationSeconds) = (tokens, seconds)
        return outcomes
    }

    private enum Kind: Equatable { case wait, promote(Int), rollBack }

    private func kind(
        _ judge: Judge, _ canary: RequestOutcomes, beside stable: RequestOutcomes = RequestOutcomes(),
        after seconds: Int
    ) -> Kind {
        switch judge.verdict(canary: canary, stable: stable, elapsed: .seconds(seconds)) {
        case .wait: .wait
        case .promote(let next, _): .promote(next)
        case .rollBack: .rollBack
        }
    }

    @Test("a step takes its interval and its least number of requests; then it is held or missed")
    func steps() throws {
        let judge = try judge("error-rate<10%")
        #expect(kind(judge, outcomes(1_000), after: 59) == .wait)
        #expect(kind(judge, outcomes(19), after: 600) == .wait)
        #expect(kind(judge, outcomes(20, errors: 1), after: 60) == .promote(25))
        #expect(kind(judge, outcomes(20, errors: 2), after: 60) == .rollBack)
        #expect(kind(try self.judge("error-rate<10%", percent: 50), outcomes(20), after: 60) == .promote(100))
    }

    @Test("errors that are too many whatever follows are not waited for")
    func hopeless() throws {
        let judge = try judge("error-rate<10%")
        #expect(kind(judge, outcomes(1, errors: 1), after: 1) == .wait)
        #expect(kind(judge, outcomes(2, errors: 2), after: 1) == .rollBack)
        #expect(kind(try self.judge("p95-ttft<2s"), outcomes(20, errors: 20), after: 1) == .wait)
    }

    @Test("a canary is compared with the revision before it, once both have had requests enough")
    func comparison() throws {
        let judge = try judge("p95-ttft<1.2x, tokens-per-second>0.8x, error-rate<2x")
        let stable = outcomes(100, errors: 2, firstToken: [0, 100, 0, 0], tokens: 1_000, seconds: 10)
        let like = outcomes(20, errors: 1, firstToken: [0, 20, 0, 0], tokens: 200, seconds: 2)
        #expect(kind(judge, like, beside: stable, after: 60) == .promote(25))
        #expect(kind(judge, like, beside: outcomes(3), after: 600) == .wait)
        #expect(kind(judge, like, after: 600) == .wait)
        let slower = outcomes(20, firstToken: [0, 0, 20, 0], tokens: 200, seconds: 2)
        #expect(kind(judge, slower, beside: stable, after: 60) == .rollBack)
        let fewer = outcomes(20, firstToken: [0, 20, 0, 0], tokens: 150, seconds: 2)
        #expect(kind(judge, fewer, beside: stable, after: 60) == .rollBack)
        let failing = outcomes(20, errors: 4, firstToken: [0, 20, 0, 0], tokens: 200, seconds: 2)
        #expect(kind(judge, failing, beside: stable, after: 60) == .rollBack)
    }

    @Test("time to the first token and tokens per second; what was not measured is waited for")
    func tokens() throws {
        let judge = try judge("p95-ttft<2s, tokens-per-second>20")
        let good = outcomes(20, firstToken: [20, 0, 0, 0], tokens: 300, seconds: 10)
        #expect(kind(judge, good, after: 60) == .promote(25))
        #expect(
            kind(judge, outcomes(20, firstToken: [10, 0, 10, 0], tokens: 300, seconds: 10), after: 60) == .rollBack)
        #expect(kind(judge, outcomes(20, firstToken: [20, 0, 0, 0], tokens: 100, seconds: 10), after: 60) == .rollBack)
        #expect(kind(judge, outcomes(20), after: 60) == .wait)
    }

    @Test("reasons name the objective, what it is, and what it was before")
    func reasons() throws {
        let judge = try judge("error-rate<1%, p95-ttft<2s")
        let canary = outcomes(100, errors: 0, firstToken: [0, 0, 100, 0])
        let stable = outcomes(100, errors: 0, firstToken: [100, 0, 0, 0])
        let verdict = judge.verdict(canary: canary, stable: stable, elapsed: .seconds(60))
        #expect(verdict == .rollBack("p95-ttft<2s: is 3.9s, before 0.95s"))
    }

    @Test("counters that began anew count as they are")
    func restart() {
        #expect(outcomes(5, errors: 1).since(outcomes(50, errors: 9)) == outcomes(5, errors: 1))
        #expect(outcomes(50, errors: 9).since(outcomes(20, errors: 4)).errors == 5)
    }

    @Test("quantiles are those of Prometheus")
    func quantiles() {
        let counts = LatencyCounts(bounds: [1, 2, 4], counts: [10, 10, 0, 0])
        #expect(counts.quantile(0.5) == 1)
        #expect(counts.quantile(0.75) == 1.5)
        #expect(LatencyCounts(bounds: [1], counts: [0, 3]).quantile(0.5) == 1)
        #expect(LatencyCounts(bounds: [1], counts: [0, 0]).quantile(0.5) == nil)
    }
}
