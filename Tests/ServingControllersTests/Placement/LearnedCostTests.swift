import JSONModel
import KubeModel
import Testing

@testable import ServingControllers

@Suite("What a pod takes")
struct LearnedCostTests {
    @Test("load times are averaged; memory rises at once and falls slowly")
    func averages() {
        var cost = LearnedCost()
        cost.took(seconds: 10)
        cost.took(seconds: 20)
        #expect(cost.loadSeconds == 13)
        cost.had(bytes: 100)
        cost.had(bytes: 200)
        #expect(cost.memory == 200)
        cost.had(bytes: 100)
        #expect(cost.memory == 190)
    }

    @Test("only what moved by more than a tenth is written", arguments: [(109.0, false), (111, true), (89, true)])
    func news(_ value: Double, _ isNews: Bool) {
        #expect(LearnedCost.isNews(value, over: 100) == isNews)
        #expect(LearnedCost.isNews(value, over: nil))
    }

    @Test("requests count, else limits, else what was measured, else the model's files; of devices both")
    func demand() {
        func demand(_ resources: JSONValue, measured: Int? = nil, files: Int? = nil) -> Amounts {
            let pod = Object(["spec": ["containers": [["name": "c", "resources": resources]]]])
            return PodDemand.amounts(of: pod, measured: measured, files: files)
        }
        #expect(
            demand(["requests": ["memory": "1Ki", "cpu": "4"], "limits": ["memory": "2Ki"]], measured: 9)
                == Amounts(memory: 1_024))
        #expect(
            demand(["limits": ["memory": "2Ki", "nvidia.com/gpu": "1"]])
                == Amounts(memory: 2_048, devices: ["nvidia.com/gpu": 1]))
        #expect(demand([:], measured: 9, files: 5) == Amounts(memory: 9))
        #expect(demand([:], files: 5) == Amounts(memory: 5))
        #expect(demand([:]) == Amounts())
    }
}
