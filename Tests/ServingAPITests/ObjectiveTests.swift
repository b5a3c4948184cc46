import KubeModel
import Testing

@testable import ServingAPI

@Suite("What a canary has to hold")
struct ObjectiveTests {
    @Test("objectives are read with their bounds in seconds, shares and tokens")
    func reading() {
        let (objectives, problems) = Objective.list(
            "error-rate<1%, p95-ttft<1500ms,p99-latency<1m, tokens-per-second>20")
        #expect(problems.isEmpty)
        #expect(
            objectives.map(\.metric) == [
                .errorRate, .firstToken(quantile: 0.95), .latency(quantile: 0.99), .tokensPerSecond,
            ])
        #expect(objectives.map(\.bound) == [0.01, 1.5, 60, 20])
        #expect(objectives[0].isMet(by: 0.009) && !objectives[0].isMet(by: 0.01))
        #expect(objectives[3].isMet(by: 21) && !objectives[3].isMet(by: 20))
    }

    @Test("a bound may be a multiple of what the revision before it has")
    func comparison() {
        let (objectives, problems) = Objective.list("p95-ttft<1.2x, tokens-per-second>0.8x")
        #expect(problems.isEmpty)
        #expect(objectives.map(\.isRelative) == [true, true])
        #expect(objectives.map(\.bound) == [1.2, 0.8])
        #expect(Objective.list("p95-ttft<0x,error-rate<x").problems.count == 2)
    }

    @Test("what is wrong is told of each")
    func problems() {
        let text =
            "error-rate>1%,p0-ttft<2s,speed<3,tokens-per-second>-1,error-rate<1,p95-ttft<2,,p50-ttft<1s,p50-ttft<2s"
        #expect(Objective.list(text).problems.count == 8)
        #expect(Objective.list(text).objectives.map(\.text) == ["p50-ttft<1s"])
    }

    @Test("annotations that are wrong are refused, all at once, each with its field")
    func admission() {
        let annotations = [
            ServingKeys.judge: "error-rate<200%", ServingKeys.judgeSteps: "50,10", ServingKeys.judgeInterval: "soon",
            ServingKeys.judgeRequests: "0", ServingKeys.roomWait: "-1s", ServingKeys.rollout: "fast",
        ]
        let causes = MartletAnnotations.check(annotations, FieldPath("metadata", "annotations"))
        #expect(causes.count == 6)
        #expect(causes.first?.field == "metadata.annotations[martlet.dev/judge]")
        let right = [
            ServingKeys.judge: "error-rate<1%", ServingKeys.judgeSteps: "5, 50", ServingKeys.rollout: "hand-over",
        ]
        #expect(MartletAnnotations.check(right, FieldPath("metadata", "annotations")).isEmpty)
        #expect(JudgePolicy(right)?.steps == [5, 50, 100])
    }
}
