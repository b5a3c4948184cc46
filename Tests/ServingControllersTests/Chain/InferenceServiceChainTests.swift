import JSONModel
import KubeClient
import KubeModel
import ServingAPI
import Testing

@testable import ServingControllers

@Suite("From an InferenceService to its pods")
struct InferenceServiceChainTests {
    private func start(_ world: World, minReplicas: Int = 1, image: String = "example.com/server:1") async throws {
        _ = try await world.server.create(.clusterServingRuntimes, runtime("llama", image: image))
        _ = try await world.server.create(.inferenceServices, inferenceService(minReplicas: minReplicas))
        try await world.settle()
    }

    private func service(_ world: World) async throws -> Object { try await world.get(.inferenceServices, "tiny") }

    private func events(_ world: World, _ reason: String) async throws -> [Object] {
        try await world.list(.events).filter { $0["reason"]?.stringValue == reason }
    }

    @Test("a service becomes ready with everything its status tells")
    func ready() async throws {
        try await World.run { world in
            try await start(world)
            let service = try await service(world)
            for type in [
                "PredictorReady", "IngressReady", "Ready", "RoutesReady", "LatestDeploymentReady",
                "PredictorRouteReady",
                "PredictorConfigurationReady",
            ] {
                #expect(service.condition(type)?.isTrue == true, "\(type)")
            }
            #expect(service["status", "url"] == "http://tiny-default.localhost:8080")
            #expect(service["status", "address", "url"] == "http://tiny.default.svc.cluster.local")
            #expect(service["status", "deploymentMode"] == "Knative")
            #expect(service["status", "clusterServingRuntimeName"] == "llama")
            let predictor = service["status", "components", "predictor"]
            for field in ["latestCreatedRevision", "latestReadyRevision", "latestRolledoutRevision"] {
                #expect(predictor?[field] == "tiny-predictor-00001", "\(field)")
            }
            #expect(predictor?["url"] == "http://tiny-predictor.default.localhost:8080")
            let model = service["status", "modelStatus"]
            #expect(model?["transitionStatus"] == "UpToDate")
            #expect(model?["states"] == ["activeModelState": "Loaded", "targetModelState": "Loaded"])
            #expect(model?["copies"] == ["failedCopies": 0, "totalCopies": 1])
            #expect(try await events(world, "InferenceServiceReady").count == 1)
            #expect(try await world.list(.pods)[0].labels["serving.kserve.io/inferenceservice"] == "tiny")
        }
    }

    @Test("while the model is fetched, the service says how much of it is there")
    func progress() async throws {
        try await World.run { world in
            world.node.setFate(.fetching("fetched 34.1 MB of 98.0 MB (12.3 MB/s)"))
            try await start(world)
            let service = try await service(world)
            let ready = service.condition("Ready")
            #expect(ready?.isUnknown == true)
            #expect(ready?.message == "storage-initializer: fetched 34.1 MB of 98.0 MB (12.3 MB/s)")
            #expect(service["status", "modelStatus", "states", "targetModelState"] == "Loading")
            #expect(service["status", "url"] == nil)
        }
    }

    @Test(
        "what goes wrong ends as a condition that says why, and the failure's facts",
        arguments: [
            (FakeNode.Fate.modelFailed("404: no such package"), "ModelLoadFailed", "ModelLoadFailed", 1),
            (.crashed(exitCode: 134, "llama.cpp: bad magic"), "ExitCode134", "ModelLoadFailed", 134),
            (.imageMissing("no HostImage for it"), "ImagePullBackOff", "RuntimeUnhealthy", nil),
            (.refused("two containers"), "Unsupported", "RuntimeUnhealthy", nil),
        ] as [(FakeNode.Fate, String, String, Int?)])
    func failures(fate: FakeNode.Fate, reason: String, failure: String, exitCode: Int?) async throws {
        try await World.run { world in
            world.node.setFate(fate)
            try await start(world)
            let service = try await service(world)
            let condition = service.condition("PredictorReady")
            #expect(condition?.isFalse == true)
            #expect(condition?.reason == reason)
            #expect(service.condition("Ready")?.isFalse == true)
            let model = service["status", "modelStatus"]
            #expect(model?["transitionStatus"] == "BlockedByFailedLoad")
            #expect(model?[path: "states", "targetModelState"] == "FailedToLoad")
            #expect(model?["lastFailureInfo"]?["reason"]?.stringValue == failure)
            #expect(model?["lastFailureInfo"]?["exitCode"]?.intValue == exitCode)
            #expect(model?["lastFailureInfo"]?["message"]?.stringValue == condition?.message)

            world.node.setFate(.ready)
            try await world.advance(by: .seconds(61), step: .seconds(61))
            let mended = try await world.get(.inferenceServices, "tiny")
            #expect(mended.condition("Ready")?.isTrue == true)
            #expect(mended["status", "modelStatus", "lastFailureInfo"] == nil)
        }
    }

    @Test("what the API server refuses ends as a condition with its words")
    func refused() async throws {
        try await World.run { world in
            var runtime = runtime("llama")
            runtime["spec", "containers"] = [
                [
                    "name": "kserve-container", "image": "example.com/server:1",
                    "ports": [["containerPort": 8080], ["containerPort": 9000]],
                ]
            ]
            _ = try await world.server.create(.clusterServingRuntimes, runtime)
            _ = try await world.server.create(.inferenceServices, inferenceService())
            try await world.settle()
            let condition = try await service(world).condition("PredictorReady")
            #expect(condition?.isFalse == true)
            #expect(condition?.reason == "ReconcileFailed")
            #expect(condition?.message?.contains("one port") == true)
        }
    }

    @Test("a name that somebody else took is said to be taken, and left alone")
    func notOwned() async throws {
        try await World.run { world in
            _ = try await world.server.create(.knativeServices, knativeService("other"))
            try await world.settle()
            var taken = Object(.routes, namespace: "default", name: "hello")
            taken.ownerReferences = [
                OwnerReference(controller: try await world.get(.knativeServices, "other"))
            ]
            taken["spec", "traffic"] = [["revisionName": "other-00001", "percent": 100]]
            _ = try await world.server.create(.routes, taken)
            try await world.settle()
            _ = try await world.server.create(.knativeServices, knativeService())
            try await world.settle()
            let condition = try await world.get(.knativeServices, "hello").condition("Ready")
            #expect(condition?.reason == "NotOwned")
            #expect(try await world.get(.routes, "hello").controller?.name == "other")
        }
    }

    @Test("without a runtime for its model it says so, and starts when one comes")
    func runtimeLater() async throws {
        try await World.run { world in
            _ = try await world.server.create(.inferenceServices, inferenceService())
            try await world.settle()
            let waiting = try await service(world)
            #expect(waiting["status", "modelStatus", "transitionStatus"] == "InvalidSpec")
            #expect(waiting["status", "modelStatus", "lastFailureInfo", "reason"] == "NoSupportingRuntime")
            #expect(waiting.condition("PredictorReady")?.reason == "NoSupportingRuntime")
            #expect(try await events(world, "InternalError").count == 1)
            _ = try await world.server.create(.clusterServingRuntimes, runtime("llama"))
            try await world.settle()
            #expect(try await service(world).condition("Ready")?.isTrue == true)
        }
    }

    @Test("a changed runtime makes a new revision")
    func runtimeChange() async throws {
        try await World.run { world in
            try await start(world)
            _ = try await world.server.replace(
                .clusterServingRuntimes, runtime("llama", image: "example.com/server:2"))
            try await world.settle()
            let service = try await service(world)
            #expect(service["status", "components", "predictor", "latestReadyRevision"] == "tiny-predictor-00002")
            #expect(
                service["status", "components", "predictor", "previousRolledoutRevision"] == "tiny-predictor-00001")
        }
    }

    @Test("at zero it stays ready, with its model on standby, and waking changes that only for the better")
    func zero() async throws {
        try await World.run { world in
            try await start(world, minReplicas: 0)
            try await world.advance(by: .seconds(130), step: .seconds(2))
            #expect(try await world.list(.pods).isEmpty)
            let idle = try await service(world)
            #expect(idle.condition("Ready")?.isTrue == true)
            #expect(idle["status", "modelStatus", "states", "activeModelState"] == "Standby")
            world.controllers.wake(namespace: "default", revision: "tiny-predictor-00001")
            try await world.settle()
            let awake = try await service(world)
            #expect(awake["status", "modelStatus", "states", "activeModelState"] == "Loaded")
            #expect(try await events(world, "InferenceServiceNotReady").isEmpty)
        }
    }

    @Test("it is not ready before the gateway serves it")
    func gatewayFirst() async throws {
        try await World.run { world in
            world.gateway.setServing(false)
            try await start(world)
            #expect(try await service(world).condition("IngressReady")?.isUnknown == true)
            #expect(try await service(world).condition("Ready")?.isUnknown == true)
            world.gateway.setServing(true)
            world.controllers.routesChanged()
            try await world.settle()
            #expect(try await service(world).condition("Ready")?.isTrue == true)
        }
    }

    @Test("a canary gets its share, is promoted by removing the field, and is rolled back with 0")
    func canary() async throws {
        try await World.run { world in
            try await start(world)
            world.node.setFate(.silent)
            _ = try await world.server.replace(
                .inferenceServices, inferenceService(model: "file:///models/second", canary: 10))
            try await world.settle()
            let wanted = try await world.get(.knativeServices, "tiny-predictor")["spec", "traffic"]
            #expect(wanted?[1]?["revisionName"] == "tiny-predictor-00001")
            #expect(wanted?[1]?["percent"] == 90)
            #expect(try await shares(world) == ["tiny-predictor-00001": 100])
            world.node.setFate(.ready)
            try await world.settle()
            #expect(try await shares(world) == ["tiny-predictor-00002": 10, "tiny-predictor-00001": 90])

            _ = try await world.server.replace(.inferenceServices, inferenceService(model: "file:///models/second"))
            try await world.settle()
            #expect(try await shares(world) == ["tiny-predictor-00002": 100])
            let predictor = try await service(world)["status", "components", "predictor"]
            #expect(predictor?["previousRolledoutRevision"] == "tiny-predictor-00001")

            _ = try await world.server.replace(
                .inferenceServices, inferenceService(model: "file:///models/second", canary: 0))
            try await world.settle()
            #expect(try await shares(world) == ["tiny-predictor-00001": 100])
        }
    }

    @Test("the previous revision answers at a tag of its own, and the newest too where that is asked for")
    func tags() async throws {
        try await World.run { world in
            try await start(world)
            var changed = inferenceService(model: "file:///models/second", canary: 0)
            changed.annotations["serving.kserve.io/enable-tag-routing"] = "true"
            _ = try await world.server.replace(.inferenceServices, changed)
            try await world.settle()
            let traffic = try await world.get(.routes, "tiny-predictor")["status", "traffic"]
            #expect(traffic?[0]?["url"] == "http://latest-tiny-predictor.default.localhost:8080")
            #expect(traffic?[0]?["revisionName"] == "tiny-predictor-00002")
            #expect(traffic?[0]?["percent"] == 0)
            #expect(traffic?[1]?["url"] == "http://prev-tiny-predictor.default.localhost:8080")
            #expect(traffic?[1]?["revisionName"] == "tiny-predictor-00001")

            changed.annotations["serving.kserve.io/enable-tag-routing"] = nil
            _ = try await world.server.replace(.inferenceServices, changed)
            try await world.settle()
            #expect(try await world.list(.revisions).count == 2, "how traffic is split makes no revision")
        }
    }

    @Test("with a rollout duration a canary's share grows to its percentage, and promotion is at once")
    func gradualCanary() async throws {
        try await World.run { world in
            func service(_ model: String, canary: Int?) -> Object {
                var service = inferenceService(model: model, canary: canary)
                service.annotations["serving.knative.dev/rollout-duration"] = "10s"
                return service
            }
            _ = try await world.server.create(.clusterServingRuntimes, runtime("llama"))
            _ = try await world.server.create(.inferenceServices, service("file:///models/first", canary: nil))
            try await world.settle()
            _ = try await world.server.replace(.inferenceServices, service("file:///models/second", canary: 20))
            try await world.settle()
            #expect(try await shares(world) == ["tiny-predictor-00001": 99, "tiny-predictor-00002": 1])
            world.controllers.routesChanged()
            try await world.advance(by: .seconds(12))
            #expect(try await shares(world) == ["tiny-predictor-00001": 80, "tiny-predictor-00002": 20])
            let predictor = try await self.service(world)["status", "components", "predictor"]
            #expect(predictor?["latestRolledoutRevision"] == "tiny-predictor-00001")
            _ = try await world.server.replace(.inferenceServices, service("file:///models/second", canary: nil))
            try await world.settle()
            #expect(try await shares(world) == ["tiny-predictor-00002": 100])
        }
    }

    @Test(
        "with disable-auto-update a ready service stays as it is when its runtime changes, until it is changed itself")
    func disableAutoUpdate() async throws {
        try await World.run { world in
            _ = try await world.server.create(.clusterServingRuntimes, runtime("llama"))
            var service = inferenceService()
            service.annotations["serving.kserve.io/disable-auto-update"] = "true"
            _ = try await world.server.create(.inferenceServices, service)
            try await world.settle()
            _ = try await world.server.replace(
                .clusterServingRuntimes, runtime("llama", image: "example.com/server:2"))
            try await world.settle()
            #expect(try await world.list(.revisions).map(\.name) == ["tiny-predictor-00001"])
            service["spec", "predictor", "minReplicas"] = 2
            _ = try await world.server.replace(.inferenceServices, service)
            try await world.settle()
            #expect(try await world.list(.revisions).map(\.name) == ["tiny-predictor-00001", "tiny-predictor-00002"])
            let image = try await world.get(.revisions, "tiny-predictor-00002")["spec", "containers"]?[0]?["image"]
            #expect(image == "example.com/server:2")
        }
    }

    @Test(
        "a service that is not to be seen from outside has its address inside as its URL",
        arguments: ["knative", "kserve"])
    func clusterLocal(who: String) async throws {
        try await World.run { world in
            _ = try await world.server.create(.clusterServingRuntimes, runtime("llama"))
            var service = inferenceService()
            service.labels["networking.\(who).\(who == "knative" ? "dev" : "io")/visibility"] = "cluster-local"
            _ = try await world.server.create(.inferenceServices, service)
            try await world.settle()
            let made = try await self.service(world)
            #expect(made["status", "url"] == "http://tiny.default.svc.cluster.local")
            #expect(made.condition("Ready")?.isTrue == true)
            let route = try await world.get(.routes, "tiny-predictor")
            #expect(route["status", "url"] == "http://tiny-predictor.default.svc.cluster.local")
            #expect(try await world.list(.pods)[0].labels["networking.knative.dev/visibility"] == nil)
        }
    }

    @Test("what tunes the scaling travels from the service to its autoscaler")
    func scalingAnnotations() async throws {
        try await World.run { world in
            _ = try await world.server.create(.clusterServingRuntimes, runtime("llama"))
            var service = inferenceService(minReplicas: 2)
            let given = scaling([
                "initial-scale": "3", "activation-scale": "4", "scale-down-delay": "60s", "window": "30s",
                "scale-to-zero-pod-retention-period": "90s", "target": "7", "metric": "rps",
            ])
            service.annotations = given
            service["spec", "predictor", "maxReplicas"] = 5
            _ = try await world.server.create(.inferenceServices, service)
            try await world.settle()
            let annotations = try await world.get(.podAutoscalers, "tiny-predictor-00001").annotations
            let bounds = scaling(["min-scale": "2", "max-scale": "5"])
            for (key, value) in given.merging(bounds, uniquingKeysWith: { $1 }) {
                #expect(annotations[key] == value, "\(key)")
            }
        }
    }

    @Test(
        "to begin without replicas is a wish that counts only where config-autoscaler allows it",
        arguments: [false, true])
    func zeroInitialScale(isAllowed: Bool) async throws {
        try await World.run { world in
            var settings = Object(.configMaps, namespace: "martlet-system", name: "config-autoscaler")
            settings["data"] = ["allow-zero-initial-scale": .string("\(isAllowed)")]
            _ = try await world.server.create(.configMaps, settings)
            _ = try await world.server.create(.clusterServingRuntimes, runtime("llama"))
            var service = inferenceService(minReplicas: 0)
            service.annotations = scaling(["initial-scale": "0"])
            _ = try await world.server.create(.inferenceServices, service)
            try await world.settle()
            let annotations = try await world.get(.revisions, "tiny-predictor-00001").annotations
            #expect(annotations["autoscaling.knative.dev/initial-scale"] == (isAllowed ? "0" : nil))
            #expect(try await world.list(.pods).count == (isAllowed ? 0 : 1))
            #expect(try await self.service(world).condition("Ready")?.isTrue == true)
        }
    }

    private func shares(_ world: World) async throws -> [String: Int] {
        let targets = try await service(world)["status", "components", "predictor", "traffic"]?.arrayValue ?? []
        let pairs = targets.map { ($0["revisionName"]?.stringValue ?? "", $0["percent"]?.intValue ?? 0) }
        return Dictionary(pairs, uniquingKeysWith: +).filter { $0.value > 0 }
    }

    @Test("stopped by annotation it has no pods, and starts again without it")
    func stop() async throws {
        try await World.run { world in
            try await start(world)
            let key = ObjectKey(namespace: "default", name: "tiny")
            _ = try await world.server.patch(
                .inferenceServices, key, .merge(["metadata": ["annotations": ["serving.kserve.io/stop": "true"]]]))
            try await world.settle()
            #expect(try await world.list(.pods).isEmpty)
            #expect(try await service(world).condition("Stopped")?.isTrue == true)
            #expect(try await service(world).condition("Ready")?.reason == "Stopped")
            _ = try await world.server.patch(
                .inferenceServices, key, .merge(["metadata": ["annotations": ["serving.kserve.io/stop": "false"]]]))
            try await world.settle()
            #expect(try await service(world).condition("Ready")?.isTrue == true)
            #expect(try await service(world).condition("Stopped") == nil)
        }
    }

    @Test("deleting it takes everything along")
    func deletion() async throws {
        try await World.run { world in
            try await start(world)
            try await world.server.delete(.inferenceServices, ObjectKey(namespace: "default", name: "tiny"))
            try await world.settle()
            for resource in [Resource.knativeServices, .configurations, .routes, .revisions, .deployments, .pods] {
                #expect(try await world.list(resource).isEmpty, "\(resource)")
            }
        }
    }
}
