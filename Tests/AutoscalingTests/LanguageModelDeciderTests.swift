import Randomness
import Testing

@testable import Autoscaling

@Suite("The class for language models")
struct LanguageModelDeciderTests {
    /// A revision whose requests come evenly, so many a second, and are each run for four seconds.
    private struct Model {
        var decider: LanguageModelDecider
        var second = 0
        var arrived = 0

        init(_ policy: LanguageModelPolicy = LanguageModelPolicy(ScalingPolicy(), targetRunning: 8)) {
            decider = LanguageModelDecider(policy)
        }

        /// The last decision after so many seconds of a steady load, all of which is being run.
        mutating func run(
            rate: Int, seconds: Int, ready: Int, starting: Int = 0, engine: EngineLoad? = nil
        ) -> LanguageModelDecider.Decision {
            var decision = LanguageModelDecider.Decision(desired: 0, rate: 0, demand: 0, slots: 0, backlog: 0)
            for _ in 0..<seconds / 2 {
                second += 2
                arrived += 2 * rate
                decision = decider.decide(
                    LanguageModelReading(
                        moment: .seconds(second), ready: ready, starting: starting, arrived: arrived,
                        inFlight: 4 * rate,
                        engine: engine ?? EngineLoad(running: Double(4 * rate), waiting: 0), startTime: .seconds(30)))
            }
            return decision
        }
    }

    @Test("tokens that wait for a cache count before they are in it, once it is known what a cache holds")
    func tokens() {
        var decider = LanguageModelDecider(LanguageModelPolicy(ScalingPolicy(), targetRunning: 64))
        func decide(_ second: Int, tokens: Int?, waiting: Double) -> Int {
            decider.decide(
                LanguageModelReading(
                    moment: .seconds(second), ready: 1, starting: 0, arrived: second * 2, inFlight: 8 + Int(waiting),
                    tokensInFlight: tokens, engine: EngineLoad(running: 8, waiting: waiting, cacheUse: 0.5),
                    startTime: .seconds(30))
            ).desired
        }
        for second in stride(from: 2, to: 120, by: 2) {
            #expect(decide(second, tokens: 50_000, waiting: 0) == 1, "50,000 tokens are half a cache")
        }
        #expect(decide(120, tokens: 400_000, waiting: 2) == 1, "one moment is no reason")
        var desired = 0
        for second in stride(from: 122, to: 260, by: 2) { desired = decide(second, tokens: 400_000, waiting: 2) }
        #expect(desired == 5, "400,000 tokens in caches of 100,000, of which 90 % may be in use")
        for second in stride(from: 260, to: 400, by: 2) { desired = decide(second, tokens: nil, waiting: 0) }
        #expect(desired >= 1, "without an estimate it goes by the rest")
    }

    @Test(
        "as many slots as requests arrive in a service time, and enough more that none waits long",
        arguments: [(1, 1), (2, 2), (4, 3), (8, 5), (16, 9)])
    func steady(rate: Int, expected: Int) {
        var model = Model()
        let decision = model.run(rate: rate, seconds: 240, ready: expected)
        #expect(decision.desired == expected)
        #expect(abs(decision.rate - Double(rate)) < 0.2 && abs(decision.demand - Double(4 * rate)) < 1)
    }

    @Test("what starts counts as there: a long load starts nothing more")
    func pending() {
        var model = Model()
        _ = model.run(rate: 8, seconds: 240, ready: 5)
        let before = model.run(rate: 8, seconds: 2, ready: 5).desired
        #expect(model.run(rate: 8, seconds: 60, ready: 3, starting: 2).desired == before)
    }

    @Test("a cache that is too full wants as many replicas as empty it")
    func cache() {
        var model = Model()
        _ = model.run(rate: 2, seconds: 120, ready: 2)
        let full = EngineLoad(running: 8, waiting: 0, cacheUse: 1)
        #expect(model.run(rate: 2, seconds: 2, ready: 4, engine: full).desired == 5)
    }

    @Test("first tokens that come late want one more replica, unless the engines are half empty")
    func firstToken() {
        var model = Model()
        _ = model.run(rate: 8, seconds: 120, ready: 5)
        let late = EngineLoad(running: 32, waiting: 0, firstToken: .seconds(6))
        #expect(model.run(rate: 8, seconds: 2, ready: 5, engine: late).desired == 6)
        var idle = Model()
        _ = idle.run(rate: 1, seconds: 120, ready: 1)
        let slow = EngineLoad(running: 2, waiting: 0, firstToken: .seconds(6))
        #expect(idle.run(rate: 1, seconds: 2, ready: 1, engine: slow).desired == 1)
    }

    @Test("the slots of a replica are learned where requests wait in the engine")
    func slots() {
        var model = Model(LanguageModelPolicy(ScalingPolicy()))
        #expect(model.run(rate: 4, seconds: 60, ready: 2).slots == 100)
        let full = EngineLoad(running: 12, waiting: 9)
        #expect(model.run(rate: 4, seconds: 2, ready: 2, engine: full).slots == 6)
        #expect(model.run(rate: 4, seconds: 60, ready: 3).slots == 6)
    }

    @Test("nobody calls: kept for as long as a start takes, then let go")
    func idle() {
        var model = Model()
        _ = model.run(rate: 1, seconds: 120, ready: 1)
        #expect(model.run(rate: 0, seconds: 20, ready: 1).desired == 1)
        #expect(model.run(rate: 0, seconds: 120, ready: 1).desired == 0)
    }

    @Test("one call wants one replica, whatever is known")
    func first() {
        var decider = LanguageModelDecider(LanguageModelPolicy(ScalingPolicy()))
        let decision = decider.decide(
            LanguageModelReading(moment: .seconds(1), ready: 0, starting: 0, arrived: 100, inFlight: 100))
        #expect(decision.desired == 1)
    }

    @Test(
        "the same readings bring the same decisions, and none is out of range", arguments: 1...10 as ClosedRange<UInt64>
    )
    func replay(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        var now = 0.0
        var arrived = 0
        let readings = (0..<300).map { _ in
            now += Double.random(in: 0...4, using: &random)
            arrived += Int.random(in: 0...40, using: &random)
            let engine = EngineLoad(
                running: Double.random(in: 0...64, using: &random), waiting: Double.random(in: 0...64, using: &random),
                cacheUse: Double.random(in: 0...1, using: &random))
            return LanguageModelReading(
                moment: .seconds(now), ready: Int.random(in: 0...8, using: &random),
                starting: Int.random(in: 0...4, using: &random), arrived: arrived,
                inFlight: Int.random(in: 0...200, using: &random), engine: Bool.random(using: &random) ? engine : nil,
                startTime: .seconds(Double.random(in: 0...600, using: &random)))
        }
        func decisions() -> [LanguageModelDecider.Decision] {
            var decider = LanguageModelDecider(LanguageModelPolicy(ScalingPolicy()))
            return readings.map { decider.decide($0) }
        }
        let first = decisions()
        #expect(first == decisions(), "seed \(seed)")
        #expect(first.allSatisfy { $0.desired >= 0 && $0.desired < 100_000 }, "seed \(seed)")
    }
}

@Suite("What engines say of themselves")
struct EngineSampleTests {
    @Test("vLLM's, llama.cpp's, SGLang's and TGI's words are understood")
    func names() {
        let vllm = EngineSample(metrics: [
            "vllm:num_requests_running": [3, 1], "vllm:num_requests_waiting": [2],
            "vllm:kv_cache_usage_perc": [0.4, 0.7],
            "vllm:time_to_first_token_seconds_sum": [10], "vllm:time_to_first_token_seconds_count": [4],
        ])
        #expect(
            vllm == EngineSample(running: 4, waiting: 2, cacheUse: 0.7, firstTokenSeconds: 10, firstTokens: 4))
        #expect(
            EngineSample(metrics: ["llamacpp:requests_processing": [1], "llamacpp:requests_deferred": [5]])
                == EngineSample(running: 1, waiting: 5))
        #expect(
            EngineSample(metrics: ["sglang:num_running_reqs": [2], "sglang:token_usage": [0.5]])
                == EngineSample(running: 2, waiting: 0, cacheUse: 0.5))
        #expect(
            EngineSample(metrics: ["tgi_batch_current_size": [2], "tgi_queue_size": [1]])
                == EngineSample(running: 2, waiting: 1))
        #expect(EngineSample(metrics: ["process_cpu_seconds_total": [1]]) == nil)
    }

    @Test("first tokens are averaged since an earlier sample; an engine that began anew says nothing")
    func firstToken() {
        let base = EngineSample(running: 0, waiting: 0, firstTokenSeconds: 10, firstTokens: 10)
        let later = EngineSample(running: 0, waiting: 0, firstTokenSeconds: 22, firstTokens: 14)
        #expect(later.load(since: base).firstToken == .seconds(3))
        #expect(base.load(since: later).firstToken == nil)
        #expect(base.load(since: base).firstToken == nil)
    }
}
