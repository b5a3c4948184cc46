import APIServer
import JSONModel
import KubeClient
import KubeModel
import ServingAPI
import Testing

@testable import ServingControllers

@Suite("From an InferenceService in Standard mode to its pods")
struct StandardChainTests {
    private let key = ObjectKey(namespace: "default", name: "tiny")

    private func service(
        minReplicas: Int = 1, model: String = "file:///models/first", annotations: [String: String] = [:],
        canary: JSONValue? = nil
    ) -> Object {
        var service = inferenceService(minReplicas: minReplicas, model: model)
        service.annotations = annotations.merging([ServingKeys.deploymentMode: "Standard"]) { $1 }
        service["spec", "canary"] = canary
        return service
    }

    private func start(_ world: World, _ service: Object) async throws {
        _ = try await world.server.create(.clusterServingRuntimes, runtime("llama"))
        _ = try await world.server.create(.inferenceServices, service)
        try await world.settle()
    }

    private func replace(_ world: World, _ service: Object) async throws {
        var next = service
        next.resourceVersion = try await world.get(.inferenceServices, "tiny").resourceVersion
        _ = try await world.server.replace(.inferenceServices, next)
        try await world.settle()
    }

    private func weights(_ world: World) async throws -> [String] {
        let rule = try await world.get(.httpRoutes, "tiny")["spec", "rules"]?[0]
        return (rule?["backendRefs"]?.arrayValue ?? []).map {
            "\($0["name"]?.stringValue ?? "") \($0["weight"]?.intValue ?? -1)"
        }
    }

    @Test("a service becomes a Deployment, a Service, a scaler and two routes, and is ready with its pod")
    func ready() async throws {
        try await World.run { world in
            world.node.setFate(.fetching("12 MB of 98 MB"))
            try await start(world, service())
            let waiting = try await world.get(.inferenceServices, "tiny")
            #expect(waiting.condition("Ready")?.isUnknown == true)
            #expect(waiting.condition("PredictorReady")?.message?.contains("12 MB of 98 MB") == true)
            world.node.setFate(.ready)
            try await world.settle()
            let ready = try await world.get(.inferenceServices, "tiny")
            for type in ["PredictorReady", "IngressReady", "Ready"] { #expect(ready.condition(type)?.isTrue == true) }
            #expect(ready["status", "deploymentMode"] == "Standard")
            #expect(ready["status", "url"] == "http://tiny-default.localhost:8080")
            #expect(ready["status", "address", "url"] == "http://tiny-predictor.default.svc.cluster.local")
            #expect(ready["status", "modelStatus", "transitionStatus"] == "UpToDate")
            #expect(ready["status", "observedGeneration"] == .number(JSONNumber(ready.generation)))
            for resource in [Resource.deployments, .services, .horizontalPodAutoscalers] {
                #expect(try await world.list(resource).map(\.name) == ["tiny-predictor"], "\(resource)")
            }
            #expect(try await world.list(.httpRoutes).map(\.name) == ["tiny", "tiny-predictor"])
            #expect(try await weights(world) == ["tiny-predictor 100"])
            #expect(try await world.list(.pods).count == 1)
        }
    }

    @Test("a change rolls out in the Deployment; one that fails is told, and what was there stays")
    func rollout() async throws {
        try await World.run { world in
            try await start(world, service())
            world.node.setFate(.silent)
            try await replace(world, service(model: "file:///models/second"))
            let moving = try await world.get(.inferenceServices, "tiny")
            #expect(moving.condition("Ready")?.isTrue == true)
            #expect(moving["status", "modelStatus", "transitionStatus"] == "InProgress")
            #expect(try await world.list(.pods).count == 2)
            world.node.setFate(.ready)
            try await world.settle()
            #expect(try await world.list(.pods).count == 1)
            let done = try await world.get(.inferenceServices, "tiny")
            #expect(done["status", "modelStatus", "transitionStatus"] == "UpToDate")
            #expect(try await world.list(.replicaSets).count == 2)
            // It was ready all the time.
            let events = try await world.list(.events).map { $0["reason"]?.stringValue ?? "" }
            #expect(!events.contains("InferenceServiceNotReady"))
        }
    }

    @Test("without requests it goes to zero and stays ready; a request wakes it")
    func zero() async throws {
        try await World.run { world in
            try await start(world, service(minReplicas: 0))
            #expect(try await world.list(.podAutoscalers).map(\.name) == ["tiny-predictor"])
            #expect(try await world.list(.horizontalPodAutoscalers).isEmpty)
            try await world.advance(by: .seconds(110), step: .seconds(2))
            #expect(try await world.list(.pods).isEmpty)
            let asleep = try await world.get(.inferenceServices, "tiny")
            #expect(asleep.condition("Ready")?.isTrue == true)
            #expect(asleep["status", "modelStatus", "states", "activeModelState"] == "Standby")
            world.gateway.setInFlight(1, "tiny-predictor")
            world.controllers.wake(namespace: "default", revision: "tiny-predictor")
            try await world.settle()
            #expect(try await world.list(.pods).count == 1)
            #expect(try await world.get(.inferenceServices, "tiny").condition("Ready")?.isTrue == true)
        }
    }

    @Test("a service that is scaled in another way has one scaler, not two")
    func otherScaler() async throws {
        try await World.run { world in
            try await start(world, service())
            for (next, horizontal, podAutoscalers) in [
                (service(minReplicas: 0), 0, 1), (service(), 1, 0),
                (service(minReplicas: 2, annotations: [ServingKeys.autoscalerClass: "none"]), 0, 0),
            ] {
                try await replace(world, next)
                #expect(try await world.list(.horizontalPodAutoscalers).count == horizontal)
                #expect(try await world.list(.podAutoscalers).count == podAutoscalers)
            }
            #expect(try await world.list(.pods).count == 2)
        }
    }

    private let canary: JSONValue = [
        [
            "trafficPercent": 40,
            "predictor": [
                "name": "next", "model": ["modelFormat": ["name": "gguf"], "storageUri": "file:///models/second"],
            ],
        ]
    ]

    @Test("a canary gets its share once it is ready, takes over without a restart, and leaves nothing behind")
    func canaries() async throws {
        try await World.run { world in
            let none = [ServingKeys.autoscalerClass: "none"]
            try await start(world, service(annotations: none))
            world.node.setFate(.silent)
            try await replace(world, service(annotations: none, canary: canary))
            #expect(try await weights(world) == ["tiny-predictor 100"])
            let waiting = try await world.get(.inferenceServices, "tiny")["status", "canaryStatuses"]?[0]
            #expect(waiting?["ready"] == false)
            world.node.setFate(.ready)
            try await world.settle()
            #expect(try await weights(world) == ["tiny-predictor 60", "tiny-next-predictor 40"])
            let status = try await world.get(.inferenceServices, "tiny")["status", "canaryStatuses"]?[0]
            #expect(status?["ready"] == true)
            #expect(status?["name"] == "next")
            #expect(status?[path: "modelStatus", "transitionStatus"] == "UpToDate")
            let pod = try await world.list(.pods).first { $0.name.hasPrefix("tiny-next") }

            var promoted = service(model: "file:///models/second", annotations: none)
            promoted["spec", "predictor", "name"] = "next"
            try await replace(world, promoted)
            #expect(try await weights(world) == ["tiny-next-predictor 100"])
            #expect(try await world.list(.pods).map(\.uid) == [pod?.uid])
            #expect(try await world.list(.deployments).map(\.name) == ["tiny-next-predictor"])
            #expect(try await world.list(.services).map(\.name) == ["tiny-next-predictor"])
        }
    }

    @Test("a predictor under another name takes over when it is ready, not before")
    func renamed() async throws {
        try await World.run { world in
            try await start(world, service())
            world.node.setFate(.silent)
            var renamed = service(model: "file:///models/second")
            renamed["spec", "predictor", "name"] = "next"
            try await replace(world, renamed)
            #expect(try await weights(world) == ["tiny-predictor 100"])
            world.node.setFate(.ready)
            try await world.settle()
            #expect(try await weights(world) == ["tiny-next-predictor 100"])
            #expect(try await world.list(.deployments).map(\.name) == ["tiny-next-predictor"])
        }
    }

    @Test("stopped, nothing of it is left; started again, it is ready again")
    func stopped() async throws {
        try await World.run { world in
            try await start(world, service(canary: canary))
            _ = try await world.server.patch(
                .inferenceServices, key, .merge(["metadata": ["annotations": [ServingKeys.stop: "true"]]]))
            try await world.settle()
            for resource in StandardObserver.resources + [.pods] {
                #expect(try await world.list(resource).isEmpty, "\(resource)")
            }
            let stopped = try await world.get(.inferenceServices, "tiny")
            #expect(stopped.condition("Stopped")?.isTrue == true)
            #expect(stopped.condition("Ready")?.reason == "Stopped")
            #expect(stopped["status", "deploymentMode"] == "Standard")
            _ = try await world.server.patch(
                .inferenceServices, key, .merge(["metadata": ["annotations": [ServingKeys.stop: "false"]]]))
            try await world.settle()
            #expect(try await world.get(.inferenceServices, "tiny").condition("Ready")?.isTrue == true)
        }
    }

    @Test("a runtime's change rolls out, unless the service keeps what it has")
    func runtimeChanges() async throws {
        for keeps in [false, true] {
            try await World.run { world in
                try await start(
                    world, service(annotations: keeps ? [ServingKeys.disableAutoUpdate: "true"] : [:]))
                var changed = runtime("llama", image: "example.com/server:2")
                changed.resourceVersion = try await world.server.get(
                    .clusterServingRuntimes, ObjectKey(namespace: nil, name: "llama")
                ).resourceVersion
                _ = try await world.server.replace(.clusterServingRuntimes, changed)
                try await world.settle()
                let pod = try await world.list(.pods)[0]
                let image = pod["spec", "containers"]?[0]?["image"]?.stringValue
                #expect(image == (keeps ? "example.com/server:1" : "example.com/server:2"))
            }
        }
    }
}
