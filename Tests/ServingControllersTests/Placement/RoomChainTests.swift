import Autoscaling
import JSONModel
import KubeClient
import KubeModel
import ServingAPI
import Testing

@testable import ServingControllers

@Suite("Models that do not fit together")
struct RoomChainTests {
    /// A Knative Service whose pods request so much memory, on a node with 8 GiB.
    private func service(
        _ name: String, _ memory: String, least: Int = 0, image: String = "example.com/hello:1",
        annotations: [String: String] = [:]
    ) -> Object {
        var service = knativeService(
            name, image: image,
            annotations: scaling(["min-scale": "\(least)", "window": "3600s"]).merging(annotations) { $1 })
        service["spec", "template", "spec", "containers"] = [
            [
                "image": .string(image), "name": "kserve-container",
                "resources": ["requests": ["memory": .string(memory)]],
            ]
        ]
        return service
    }

    private func run(_ body: (World) async throws -> Void) async throws {
        try await World.run { world in
            try await world.addNode(memory: "8Gi")
            try await body(world)
        }
    }

    private func create(_ world: World, _ service: Object) async throws {
        _ = try await world.server.create(.knativeServices, service)
        try await world.settle()
    }

    private func bound(_ world: World) async throws -> [String] {
        try await world.list(.pods).filter { $0["spec", "nodeName"] != nil }
            .compactMap { $0.labels[ServingKeys.revision] }
    }

    private func reasons(_ world: World, of name: String) async throws -> Set<String> {
        let events = try await world.server.list(.events, namespace: "default").items
        return Set(
            events.filter { $0["involvedObject", "name"]?.stringValue?.hasPrefix(name) == true }
                .compactMap { $0["reason"]?.stringValue })
    }

    @Test("the second one waits and says why; the idle one makes room once it was there for as long as it took to load")
    func takeTurns() async throws {
        try await run { world in
            try await create(world, service("first", "6Gi"))
            _ = try await world.server.patch(
                .revisions, ObjectKey(namespace: "default", name: "first-00001"),
                .merge(["metadata": ["annotations": [ServingKeys.loadSeconds: "5"]]]))
            world.gateway.setInFlight(1, "first-00001")
            try await create(world, service("second", "4Gi"))
            let waiting = try #require(try await world.list(.pods).first { $0["spec", "nodeName"] == nil })
            #expect(waiting.condition("PodScheduled")?.reason == "Unschedulable")
            #expect(waiting.condition("PodScheduled")?.message?.contains("needs 4.0 GiB, free are 2.0 GiB") == true)
            let revision = try await world.get(.revisions, "second-00001")
            #expect(revision.condition("ResourcesAvailable")?.reason == "Unschedulable")

            world.gateway.setInFlight(0, "first-00001")
            try await world.advance(by: .seconds(4))
            #expect(try await bound(world) == ["first-00001"])
            try await world.advance(by: .seconds(2))
            #expect(try await bound(world) == ["second-00001"])
            #expect(try await world.replicas("first-00001") == 0)
            let events = try await world.server.list(.events, namespace: "default").items
            #expect(events.filter { $0["reason"] == "Evicted" }.map { $0["count"] } == [1], "it is decided once")
            #expect(try await reasons(world, of: "second-00001").isSuperset(of: ["FailedScheduling", "RoomMade"]))

            // What was asked of it before does not bring it back; a new request does.
            try await world.advance(by: .seconds(10))
            #expect(try await world.replicas("first-00001") == 0)
            world.gateway.setInFlight(1, "first-00001")
            world.controllers.wake(namespace: "default", revision: "first-00001")
            try await world.settle()
            try await world.advance(by: .seconds(2))
            #expect(try await bound(world) == ["first-00001"])

            // Neither does the call that woke it, which is over.
            world.gateway.count(requestSeconds: 1, "first-00001")
            world.gateway.setInFlight(0, "first-00001")
            world.gateway.setInFlight(1, "second-00001")
            world.controllers.wake(namespace: "default", revision: "second-00001")
            try await world.settle()
            try await world.advance(by: .seconds(7))
            #expect(try await bound(world) == ["second-00001"])
            #expect(try await world.replicas("first-00001") == 0)
        }
    }

    @Test("one that is always busy gives way after a minute, and comes back in turn")
    func fairness() async throws {
        try await run { world in
            try await create(world, service("first", "6Gi"))
            world.gateway.setInFlight(3, "first-00001")
            try await create(world, service("second", "6Gi"))
            world.gateway.setInFlight(3, "second-00001")
            try await world.advance(by: .seconds(58), step: .seconds(2))
            #expect(try await bound(world) == ["first-00001"])
            try await world.advance(by: .seconds(4), step: .seconds(2))
            #expect(try await bound(world) == ["second-00001"])
            #expect(try await reasons(world, of: "first-00001").contains("Preempted"))
            try await world.advance(by: .seconds(64), step: .seconds(2))
            #expect(try await bound(world) == ["first-00001"])
        }
    }

    @Test("a service with a minimum of replicas is never stopped for another")
    func minimum() async throws {
        try await run { world in
            try await create(world, service("first", "6Gi", least: 1))
            try await create(world, service("second", "6Gi"))
            try await world.advance(by: .seconds(200), step: .seconds(10))
            #expect(try await bound(world) == ["first-00001"])
        }
    }

    @Test("a new revision that does not fit beside the old one takes its place, whatever its minimum")
    func handOver() async throws {
        try await run { world in
            try await create(world, service("model", "6Gi", least: 1))
            world.gateway.setInFlight(2, "model-00001")
            _ = try await world.server.replace(
                .knativeServices, service("model", "5Gi", least: 1, image: "example.com/hello:2"))
            try await world.settle()
            try await world.advance(by: .seconds(2))
            #expect(try await bound(world) == ["model-00002"])
            let service = try await world.get(.knativeServices, "model")
            #expect(service["status", "latestReadyRevisionName"] == "model-00002")
            let new = try await world.get(.revisions, "model-00002")
            #expect(new.annotations[ServingKeys.handOverFrom] == nil)
            #expect(try await reasons(world, of: "model-00002").contains("HandedOver"))
            // The old one does not take it back, though callers of it are left.
            try await world.advance(by: .seconds(90), step: .seconds(5))
            #expect(try await bound(world) == ["model-00002"])
        }
    }

    @Test("where the traffic is split both revisions need room: the new one waits, and says so")
    func split() async throws {
        try await run { world in
            try await create(world, service("model", "6Gi", least: 1))
            var changed = service("model", "6Gi", least: 1, image: "example.com/hello:2")
            changed["spec", "traffic"] = [
                ["latestRevision": true, "percent": 10],
                ["revisionName": "model-00001", "latestRevision": false, "percent": 90],
            ]
            _ = try await world.server.replace(.knativeServices, changed)
            try await world.settle()
            try await world.advance(by: .seconds(3))
            #expect(try await bound(world) == ["model-00001"])
            let message = try await world.get(.revisions, "model-00002").condition("ResourcesAvailable")?.message
            #expect(message?.contains("The traffic is split between revisions, so all of them need room") == true)
        }
    }

    @Test("where the new revision fails, the old one comes back, and the new one is not tried again")
    func handOverFails() async throws {
        try await run { world in
            try await create(world, service("model", "6Gi", least: 1))
            world.node.setFate(.crashLooping("no such file"), ofPods: "model-00002")
            _ = try await world.server.replace(
                .knativeServices, service("model", "6Gi", least: 1, image: "example.com/hello:2"))
            try await world.settle()
            try await world.advance(by: .seconds(3))
            #expect(try await bound(world) == ["model-00001"])
            let service = try await world.get(.knativeServices, "model")
            #expect(service["status", "latestReadyRevisionName"] == "model-00001")
            #expect(service.condition("ConfigurationsReady")?.isFalse == true)
            let new = try await world.get(.revisions, "model-00002")
            #expect(new.condition("ResourcesAvailable")?.reason == "HandOverFailed")
            #expect(try await world.replicas("model-00002") == 0)
            #expect(try await reasons(world, of: "model-00002").contains("HandOverFailed"))
            try await world.advance(by: .seconds(90), step: .seconds(5))
            #expect(try await bound(world) == ["model-00001"])
        }
    }

    @Test("what a Deployment without revisions takes is learned too, if it serves a model")
    func deployments() async throws {
        try await run { world in
            for (name, labels) in [("model", [ServingKeys.inferenceService: "model"]), ("other", [:])] {
                var template = Object(["spec": ["containers": [["name": "c", "image": "example.com/c:1"]]]])
                template.labels = labels.merging(["app": name]) { $1 }
                var deployment = Object(.deployments, namespace: "default", name: name)
                deployment.spec = [
                    "selector": ["matchLabels": ["app": .string(name)]], "template": template.json,
                ]
                world.machine.setMemory(1 << 30, ofPods: name)
                _ = try await world.server.create(.deployments, deployment)
            }
            try await world.settle()
            try await world.advance(by: .seconds(5))
            #expect(try await world.get(.deployments, "model").annotations[ServingKeys.memoryBytes] == "1073741824")
            #expect(try await world.get(.deployments, "other").annotations[ServingKeys.memoryBytes] == nil)
        }
    }

    @Test("memory is what was requested, else what was measured, else the size of the model's files")
    func needs() async throws {
        try await run { world in
            world.machine.setMemory(5 << 30, ofPods: "first")
            world.machine.setFiles(3 << 30, "file:///models/second")
            _ = try await world.server.create(.knativeServices, knativeService("first"))
            try await world.settle()
            try await world.advance(by: .seconds(5))
            #expect(try await world.get(.revisions, "first-00001").annotations[ServingKeys.memoryBytes] == "5368709120")
            try await create(
                world,
                knativeService("second", annotations: [ServingKeys.storageSourceURI: "file:///models/second"]))
            #expect(try await bound(world).sorted() == ["first-00001", "second-00001"])
            try await create(world, knativeService("third", annotations: scaling(["min-scale": "1"])))
            #expect(try await bound(world).count == 3, "nothing is known of it: it starts")
            try await create(world, service("fourth", "1Gi"))
            #expect(try await bound(world).count == 3)
        }
    }

    @Test(
        "The class for language models wants no more replicas than there is room for",
        arguments: [("3Gi", 2...2), ("1Gi", 3...6)])
    func languageModel(memory: String, expected: ClosedRange<Int>) async throws {
        try await run { world in
            try await create(world, service("other", "2Gi", least: 1))
            let annotations = scaling(["class": "llm.martlet.dev", "max-scale": "6"])
            try await create(
                world,
                service(
                    "hello", memory, least: 1,
                    annotations: annotations.merging([LanguageModelKeys.targetRunning: "4"]) { $1 }))
            world.engines.set(EngineSample(running: 4, waiting: 12))
            for second in 1...30 {
                world.gateway.setInFlight(16, "hello-00001")
                world.gateway.countArrivals(to: 2 * second, "hello-00001")
                world.gateway.count(requestSeconds: 16, "hello-00001")
                try await world.advance(by: .seconds(1))
            }
            #expect(expected.contains(try await world.replicas("hello-00001") ?? 0))
        }
    }

    @Test(
        "As often as every amount that is demanded goes in",
        arguments: [
            (Amounts(memory: 3), 5), (Amounts(memory: 3, devices: ["nvidia.com/gpu": 1]), 2), (Amounts(memory: 17), 0),
            (Amounts(memory: 0, devices: ["amd.com/gpu": 1]), 0), (Amounts(), nil),
        ] as [(Amounts, Int?)])
    func fits(demand: Amounts, expected: Int?) {
        #expect(Amounts(memory: 16, devices: ["nvidia.com/gpu": 2]).fits(demand) == expected)
        #expect((Amounts() - Amounts(memory: 1)).fits(Amounts(memory: 3)) == 0)
    }
}

extension World {
    /// The node that the controllers bind pods to.
    fileprivate func addNode(memory: String) async throws {
        _ = try await server.create(.nodes, Object(.nodes, name: "node", ["spec": [:]]))
        let status: JSONValue = ["allocatable": ["memory": .string(memory)], "capacity": ["memory": .string(memory)]]
        _ = try await server.patch(
            .nodes, ObjectKey(namespace: nil, name: "node"), .merge(["status": status]), subresource: "status")
        try await settle()
    }
}
