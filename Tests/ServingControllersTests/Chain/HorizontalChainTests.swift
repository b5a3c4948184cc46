import JSONModel
import KubeClient
import KubeModel
import ServingAPI
import Testing

@testable import ServingControllers

@Suite("A HorizontalPodAutoscaler scales a Deployment")
struct HorizontalChainTests {
    private func deployment(_ labels: [String: String] = [:], replicas: Int = 1) -> Object {
        var deployment = Object(.deployments, namespace: "default", name: "web")
        deployment.labels = labels
        var template = Object([
            "spec": [
                "containers": [
                    ["name": "web", "image": "example.com/web:1", "resources": ["requests": ["cpu": "100m"]]]
                ]
            ]
        ])
        template.labels = ["app": "web"]
        deployment.spec = [
            "replicas": .number(JSONNumber(replicas)), "selector": ["matchLabels": ["app": "web"]],
            "template": template.json,
        ]
        return deployment
    }

    private func autoscaler(_ fields: JSONValue = [:], kind: String = "Deployment") -> Object {
        var autoscaler = Object(.horizontalPodAutoscalers, namespace: "default", name: "web")
        autoscaler.spec = [
            "scaleTargetRef": ["apiVersion": "apps/v1", "kind": .string(kind), "name": "web"], "maxReplicas": 5,
            "metrics": [
                [
                    "type": "Resource",
                    "resource": ["name": "cpu", "target": ["type": "Utilization", "averageUtilization": 50]],
                ]
            ],
        ]
        for member in fields.objectValue ?? [:] { autoscaler["spec", member.key] = member.value }
        return autoscaler
    }

    private func use(_ world: World, millicores: Double) async throws {
        world.usage.set(ContainerUsage(millicores: millicores, memory: 1e6), of: try await world.list(.pods))
    }

    private func replicas(_ world: World) async throws -> Int? {
        try await world.get(.deployments, "web")["spec", "replicas"]?.intValue
    }

    private func condition(_ world: World, _ type: String) async throws -> Condition? {
        try await world.get(.horizontalPodAutoscalers, "web").condition(type)
    }

    @Test("up with the use of the processor, within the bounds, and down when a window has passed")
    func upAndDown() async throws {
        try await World.run { world in
            _ = try await world.server.create(.deployments, deployment())
            try await world.settle()
            try await use(world, millicores: 150)
            _ = try await world.server.create(.horizontalPodAutoscalers, autoscaler())
            try await world.settle()
            #expect(try await replicas(world) == 3)
            let scaled = try await world.get(.horizontalPodAutoscalers, "web")
            #expect(scaled["status", "desiredReplicas"] == 3 && scaled["status", "lastScaleTime"] != nil)
            let measured = scaled["status", "currentMetrics"]?.arrayValue?.first?["resource"]?["current"]
            #expect(measured?["averageUtilization"] == 150)
            #expect(scaled.condition("AbleToScale")?.reason == "SucceededRescale")
            #expect(scaled.condition("ScalingActive")?.reason == "ValidMetricFound")
            let events = try await world.list(.events).filter { $0["reason"] == "SuccessfulRescale" }
            #expect(
                events.compactMap { $0["message"]?.stringValue } == [
                    "New size: 3, before: 1; reason: cpu is at 150 % of what is requested, the target is 50 %"
                ])

            try await use(world, millicores: 150)
            try await world.advance(by: .seconds(15), step: .seconds(5))
            #expect(try await replicas(world) == 5)
            #expect(try await condition(world, "ScalingLimited")?.reason == "TooManyReplicas")

            try await use(world, millicores: 5)
            try await world.advance(by: .seconds(285), step: .seconds(15))
            #expect(try await replicas(world) == 5)
            #expect(try await condition(world, "AbleToScale")?.reason == "ScaleDownStabilized")
            try await world.advance(by: .seconds(60), step: .seconds(15))
            #expect(try await replicas(world) == 1)
        }
    }

    @Test("between two looks there are fifteen seconds, whatever is written; a new spec is looked at at once")
    func interval() async throws {
        try await World.run { world in
            _ = try await world.server.create(.deployments, deployment())
            try await world.settle()
            _ = try await world.server.create(.horizontalPodAutoscalers, autoscaler())
            try await world.settle()
            #expect(try await condition(world, "ScalingActive")?.reason == "FailedGetResourceMetric")
            try await use(world, millicores: 150)
            try await world.advance(by: .seconds(10), step: .seconds(5))
            #expect(try await replicas(world) == 1)
            let raised = autoscaler(["maxReplicas": 2])
            _ = try await world.server.replace(.horizontalPodAutoscalers, raised)
            try await world.settle()
            #expect(try await replicas(world) == 2)
        }
    }

    private static let external: JSONValue = [
        "type": "External",
        "external": ["metric": ["name": "q"], "target": ["type": "Value", "value": 1]],
    ]
    private static let unrequested: JSONValue = [
        "type": "Resource",
        "resource": ["name": "memory", "target": ["type": "Utilization", "averageUtilization": 50]],
    ]

    @Test(
        "what cannot be read is said, and changes nothing",
        arguments: [(external, "FailedGetExternalMetric"), (unrequested, "FailedGetResourceMetric")])
    func failures(metric: JSONValue, reason: String) async throws {
        try await World.run { world in
            _ = try await world.server.create(.deployments, deployment(replicas: 2))
            try await world.settle()
            try await use(world, millicores: 500)
            _ = try await world.server.create(.horizontalPodAutoscalers, autoscaler(["metrics": [metric]]))
            try await world.settle()
            #expect(try await replicas(world) == 2)
            let active = try await condition(world, "ScalingActive")
            #expect(active?.isFalse == true && active?.reason == reason)
            #expect(try await world.list(.events).contains { $0["reason"]?.stringValue == reason })
        }
    }

    @Test("a target at zero stays there, and one that is out of bounds is brought within them")
    func bounds() async throws {
        try await World.run { world in
            _ = try await world.server.create(.deployments, deployment(replicas: 0))
            _ = try await world.server.create(.horizontalPodAutoscalers, autoscaler(["minReplicas": 2]))
            try await world.settle()
            #expect(try await replicas(world) == 0)
            #expect(try await condition(world, "ScalingActive")?.reason == "ScalingDisabled")
            _ = try await world.server.replace(.deployments, deployment(replicas: 7))
            try await world.settle()
            try await world.advance(by: .seconds(15), step: .seconds(15))
            #expect(try await replicas(world) == 5)
            _ = try await world.server.replace(.deployments, deployment(replicas: 1))
            try await world.settle()
            try await world.advance(by: .seconds(15), step: .seconds(15))
            #expect(try await replicas(world) == 2)
        }
    }

    @Test("a target that is not there is told of")
    func noTarget() async throws {
        try await World.run { world in
            _ = try await world.server.create(.horizontalPodAutoscalers, autoscaler())
            try await world.settle()
            let able = try await condition(world, "AbleToScale")
            #expect(able?.isFalse == true && able?.reason == "FailedGetScale")
        }
    }

    @Test("a serving target may go to zero when nobody has called for a window; any other keeps one")
    func toZero() async throws {
        for isServing in [true, false] {
            try await World.run { world in
                let labels = isServing ? [ServingKeys.inferenceService: "web"] : [:]
                _ = try await world.server.create(.deployments, deployment(labels))
                try await world.settle()
                try await use(world, millicores: 1)
                let quick: JSONValue = [
                    "minReplicas": 0, "behavior": ["scaleDown": ["stabilizationWindowSeconds": 30]],
                ]
                _ = try await world.server.create(.horizontalPodAutoscalers, autoscaler(quick))
                try await world.settle()
                world.gateway.setInFlight(1, "web")
                try await world.advance(by: .seconds(60), step: .seconds(15))
                #expect(try await replicas(world) == 1)
                world.gateway.setInFlight(0, "web")
                try await world.advance(by: .seconds(75), step: .seconds(15))
                #expect(try await replicas(world) == (isServing ? 0 : 1))
            }
        }
    }
}
