import JSONModel
import KubeClient
import KubeModel
import ServingAPI
import Testing

@testable import ServingControllers

@Suite("Transformers and explainers beside a predictor")
struct SideComponentChainTests {
    private func start(_ world: World, mode: String, _ sides: [String]) async throws {
        _ = try await world.server.create(.clusterServingRuntimes, runtime("llama"))
        var service = inferenceService(minReplicas: 1)
        service.annotations[ServingKeys.deploymentMode] = mode
        for side in sides { service["spec", side] = ["containers": [["image": "example.com/side:1"]]] }
        _ = try await world.server.create(.inferenceServices, service)
        try await world.settle()
    }

    private func service(_ world: World) async throws -> Object { try await world.get(.inferenceServices, "tiny") }

    private func remove(_ side: String, _ world: World) async throws {
        var service = try await service(world)
        service["spec", side] = nil
        _ = try await world.server.replace(.inferenceServices, service)
        try await world.settle()
    }

    @Test("each has revisions and pods of its own, and the service is ready with all of them")
    func knative() async throws {
        try await World.run { world in
            try await start(world, mode: "Knative", ["transformer", "explainer"])
            let names = ["tiny-explainer", "tiny-predictor", "tiny-transformer"]
            #expect(try await world.list(.knativeServices).map(\.name) == names)
            #expect(try await world.list(.pods).count == 3)
            let service = try await service(world)
            for type in [
                "Ready", "IngressReady", "PredictorReady", "TransformerReady", "ExplainerReady",
                "TransformerRouteReady", "ExplainerRoutesReady", "TransformerConfigurationReady",
            ] { #expect(service.condition(type)?.isTrue == true, "\(type)") }
            #expect(
                service["status", "components", "transformer"]?["latestRolledoutRevision"] == "tiny-transformer-00001")

            try await remove("transformer", world)
            #expect(try await world.list(.knativeServices).map(\.name) == ["tiny-explainer", "tiny-predictor"])
            let without = try await self.service(world)
            #expect(without["status", "components", "transformer"] == nil)
            #expect(without.condition("TransformerReady") == nil)
            #expect(without.condition("Ready")?.isTrue == true)
        }
    }

    @Test("while the transformer starts, the predictor is ready and the service is not")
    func starting() async throws {
        try await World.run { world in
            try await start(world, mode: "Knative", [])
            world.node.setFate(.silent)
            var changed = try await service(world)
            changed["spec", "transformer"] = ["containers": [["image": "example.com/side:1"]]]
            _ = try await world.server.replace(.inferenceServices, changed)
            try await world.settle()
            let service = try await service(world)
            #expect(service.condition("PredictorReady")?.isTrue == true)
            #expect(service.condition("TransformerReady")?.isTrue == false)
            let ingress = try #require(service.condition("IngressReady"))
            #expect(!ingress.isTrue)
            #expect(ingress.reason == "Transformer ingress not created")
        }
    }

    @Test("a service that is stopped stops all of them")
    func stopped() async throws {
        try await World.run { world in
            try await start(world, mode: "Knative", ["transformer"])
            var stopped = try await service(world)
            stopped.annotations[ServingKeys.stop] = "true"
            _ = try await world.server.replace(.inferenceServices, stopped)
            try await world.settle()
            #expect(try await world.list(.knativeServices).isEmpty)
        }
    }

    @Test("in Standard mode each has a Deployment, a Service, a scaler and a route")
    func standard() async throws {
        try await World.run { world in
            try await start(world, mode: "Standard", ["transformer", "explainer"])
            let names = ["tiny-explainer", "tiny-predictor", "tiny-transformer"]
            for resource in [Resource.deployments, .services, .horizontalPodAutoscalers] {
                #expect(try await world.list(resource).map(\.name) == names, "\(resource)")
            }
            #expect(try await world.list(.httpRoutes).map(\.name) == ["tiny"] + names)
            let rules = try await world.get(.httpRoutes, "tiny")["spec", "rules"]?.arrayValue ?? []
            #expect(rules.map { $0["backendRefs"]?[0]?["name"] } == ["tiny-explainer", "tiny-transformer"])
            let service = try await service(world)
            #expect(service.condition("Ready")?.isTrue == true)
            #expect(service["status", "address", "url"] == "http://tiny-transformer.default.svc.cluster.local")

            try await remove("explainer", world)
            #expect(try await world.list(.deployments).map(\.name) == ["tiny-predictor", "tiny-transformer"])
            #expect(try await world.get(.httpRoutes, "tiny")["spec", "rules"]?.arrayValue?.count == 1)
            #expect(try await world.list(.httpRoutes).map(\.name) == ["tiny", "tiny-predictor", "tiny-transformer"])
        }
    }
}
