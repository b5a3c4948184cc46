import Autoscaling
import JSONModel
import KubeClient
import KubeModel
import ServingAPI
import Testing

@testable import ServingControllers

@Suite("The classes of autoscalers")
struct ScalingClassTests {
    private let revision = "hello-00001"

    private func started(_ world: World, _ annotations: [String: String], martlet: [String: String] = [:]) async throws
    {
        _ = try await world.server.create(
            .knativeServices, knativeService(annotations: scaling(annotations).merging(martlet) { $1 }))
        try await world.settle()
    }

    private func horizontal(_ world: World) async throws -> Object {
        try await world.get(.horizontalPodAutoscalers, revision)
    }

    @Test("hpa: a HorizontalPodAutoscaler as the annotations say, owned by the PodAutoscaler (row 11)")
    func horizontalPodAutoscaler() async throws {
        try await World.run { world in
            try await started(
                world,
                [
                    "class": "hpa.autoscaling.knative.dev", "metric": "cpu", "target": "69.5", "min-scale": "1",
                    "max-scale": "4", "window": "90s",
                ])
            let made = try await horizontal(world)
            #expect(made.controller?.kind == "PodAutoscaler")
            #expect(made["spec", "minReplicas"] == 1 && made["spec", "maxReplicas"] == 4)
            #expect(made["spec", "scaleTargetRef", "name"] == .string("\(revision)-deployment"))
            let target = made["spec", "metrics"]?.arrayValue?.first?["resource"]?["target"]
            #expect(target == ["type": "Utilization", "averageUtilization": 70])
            #expect(made["spec", "behavior", "scaleDown", "stabilizationWindowSeconds"] == 90)
            #expect(try await world.get(.knativeServices, "hello").condition("Ready")?.isTrue == true)
            let autoscaler = try await world.get(.podAutoscalers, revision)
            #expect(autoscaler["status", "actualScale"] == 1 && autoscaler["status", "desiredScale"] == 1)
        }
    }

    private static let memory: JSONValue = [
        "type": "Resource",
        "resource": ["name": "memory", "target": ["type": "AverageValue", "averageValue": "200Mi"]],
    ]
    private static let queue: JSONValue = [
        "type": "Pods",
        "pods": ["metric": ["name": "queue"], "target": ["type": "AverageValue", "averageValue": "200"]],
    ]

    @Test(
        "hpa: memory is an average value in Mi, any other metric one of the pods",
        arguments: [("memory", memory), ("queue", queue)])
    func metrics(metric: String, expected: JSONValue) async throws {
        try await World.run { world in
            try await started(
                world, ["class": "hpa.autoscaling.knative.dev", "metric": metric, "target": "200"])
            #expect(try await horizontal(world)["spec", "metrics"] == [expected])
        }
    }

    @Test("hpa: does not go to zero while a route leads to it, and goes there when none does")
    func reachability() async throws {
        try await World.run { world in
            let annotations = ["class": "hpa.autoscaling.knative.dev", "window": "6s", "min-scale": "0"]
            try await started(world, annotations)
            try await world.advance(by: .seconds(120), step: .seconds(15))
            #expect(try await world.replicas(revision) == 1)
            _ = try await world.server.replace(
                .knativeServices, knativeService(image: "example.com/hello:2", annotations: scaling(annotations)))
            try await world.settle()
            try await world.advance(by: .seconds(30), step: .seconds(15))
            #expect(try await world.replicas(revision) == 0)
            #expect(try await world.replicas("hello-00002") == 1)
        }
    }

    @Test("llm: scaled by what the engine runs and what waits")
    func languageModel() async throws {
        try await World.run { world in
            try await started(
                world, ["class": "llm.martlet.dev", "min-scale": "1", "max-scale": "6"],
                martlet: [LanguageModelKeys.targetRunning: "4", LanguageModelKeys.targetFirstToken: "2s"])
            world.engines.set(EngineSample(running: 4, waiting: 12))
            var arrived = 0
            for _ in 0..<30 {
                // Two a second arrive and two end, four seconds each.
                arrived += 2
                world.gateway.setInFlight(16, revision)
                world.gateway.countArrivals(to: arrived, revision)
                world.gateway.count(requestSeconds: 16, revision)
                try await world.advance(by: .seconds(1))
            }
            #expect(try await world.replicas(revision) ?? 0 > 1)
            let events = try await world.list(.events).filter { $0["reason"] == "SuccessfulRescale" }
            #expect(events.first?["message"]?.stringValue?.contains("slots busy, a replica has 4") == true)
        }
    }
}
