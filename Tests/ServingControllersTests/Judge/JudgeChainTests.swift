import JSONModel
import KubeClient
import KubeModel
import ServingAPI
import Testing

@testable import ServingControllers

@Suite("A rollout that is judged")
struct JudgeChainTests {
    private let key = ObjectKey(namespace: "default", name: "tiny")
    private let old = "tiny-predictor-00001"
    private let new = "tiny-predictor-00002"

    /// A service with one revision in use, whose model then changes.
    private func rollOut(_ world: World) async throws {
        _ = try await world.server.create(.clusterServingRuntimes, runtime("gguf"))
        var service = inferenceService()
        service.annotations = [
            ServingKeys.judge: "error-rate<10%", ServingKeys.judgeSteps: "20,60", ServingKeys.judgeInterval: "10s",
            ServingKeys.judgeRequests: "5",
        ]
        _ = try await world.server.create(.inferenceServices, service)
        try await world.settle()
        let fields: JSONValue = ["spec": ["predictor": ["model": ["storageUri": "file:///models/second"]]]]
        _ = try await world.server.patch(.inferenceServices, key, .merge(fields))
        try await world.settle()
    }

    private func shares(_ world: World) async throws -> [String: Int] {
        let service = try await world.get(.knativeServices, "tiny-predictor")
        let targets = (service["status", "traffic"]?.arrayValue ?? []).compactMap(ResolvedTarget.init)
        return Dictionary(targets.map { ($0.revision, $0.percent) }, uniquingKeysWith: +)
    }

    private func state(_ world: World) async throws -> JudgeState? {
        JudgeState(try await world.get(.inferenceServices, "tiny").annotations)
    }

    @Test(
        "a good one goes through the steps to all of the traffic, and stays there though an older manifest is applied")
    func promoted() async throws {
        try await World.run { world in
            try await rollOut(world)
            #expect(try await shares(world) == [new: 20, old: 80])
            for expected in [[new: 60, old: 40], [new: 100]] {
                world.gateway.end(6, new)
                try await world.advance(by: .seconds(12))
                #expect(try await shares(world) == expected)
            }
            #expect(try await state(world)?.verdict == .promoted)
            let fields: JSONValue = ["spec": ["predictor": ["canaryTrafficPercent": 20]]]
            _ = try await world.server.patch(.inferenceServices, key, .merge(fields))
            try await world.settle()
            #expect(try await shares(world) == [new: 100])
            #expect(try await world.list(.revisions).count == 2, "what the judge notes makes no revision")
        }
    }

    @Test("one that fails too often loses its traffic at once, and the next change is judged anew")
    func rolledBack() async throws {
        try await World.run { world in
            try await rollOut(world)
            world.gateway.end(5, errors: 3, new)
            try await world.advance(by: .seconds(4))
            #expect(try await shares(world) == [new: 0, old: 100])
            #expect(try await state(world)?.verdict == .rolledBack)
            #expect(try await state(world)?.reason == "error-rate<10%: 3 of 5 requests failed")
            let fields: JSONValue = ["spec": ["predictor": ["model": ["storageUri": "file:///models/third"]]]]
            _ = try await world.server.patch(.inferenceServices, key, .merge(fields))
            try await world.settle()
            #expect(try await shares(world) == ["tiny-predictor-00003": 20, old: 80])
        }
    }
}
