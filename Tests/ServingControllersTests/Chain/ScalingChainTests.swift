import Autoscaling
import JSONModel
import KubeClient
import KubeModel
import ServingAPI
import Testing

@testable import ServingControllers

@Suite("To zero and back")
struct ScalingChainTests {
    private let quick = scaling(["min-scale": "0", "window": "6s"])
    private let revision = "hello-00001"

    private func started(_ world: World, _ annotations: [String: String]) async throws {
        _ = try await world.server.create(.knativeServices, knativeService(annotations: annotations))
        try await world.settle()
    }

    @Test("an idle revision goes to zero after its window and the grace period, not before, and stays ready")
    func toZero() async throws {
        try await World.run { world in
            try await started(world, quick)
            #expect(try await world.replicas(revision) == 1)
            try await world.advance(by: .seconds(5))
            #expect(try await world.get(.podAutoscalers, revision).condition("Active")?.isTrue == true)
            try await world.advance(by: .seconds(3))
            let inactive = try await world.get(.podAutoscalers, revision)
            #expect(inactive.condition("Active")?.reason == "NoTraffic")
            #expect(try await world.replicas(revision) == 1)
            try await world.advance(by: .seconds(27))
            #expect(try await world.replicas(revision) == 1)
            try await world.advance(by: .seconds(5))
            #expect(try await world.replicas(revision) == 0)
            #expect(try await world.list(.pods).isEmpty)
            #expect(try await world.get(.knativeServices, "hello").condition("Ready")?.isTrue == true)
            #expect(try await world.get(.podAutoscalers, revision)["status", "desiredScale"] == 0)
            #expect(try await world.get(.revisions, revision)["status", "actualReplicas"] == 0)
        }
    }

    @Test("a model that takes long to load stays for at least as long, even if nobody waits for it any more")
    func staysAsLongAsItLoads() async throws {
        try await World.run { world in
            try await started(world, quick.merging([ServingKeys.loadSeconds: "90.5"]) { $1 })
            try await world.advance(by: .seconds(92), step: .seconds(2))
            #expect(try await world.replicas(revision) == 1)
            try await world.advance(by: .seconds(16), step: .seconds(2))
            #expect(try await world.replicas(revision) == 0)
        }
    }

    @Test("a held request brings it back without any time passing")
    func wake() async throws {
        try await World.run { world in
            try await started(world, quick)
            try await world.advance(by: .seconds(40))
            #expect(try await world.replicas(revision) == 0)
            world.gateway.setInFlight(1, revision)
            world.controllers.wake(namespace: "default", revision: revision)
            try await world.settle()
            #expect(try await world.replicas(revision) == 1)
            #expect(try await world.list(.pods).count == 1)
            #expect(try await world.get(.podAutoscalers, revision).condition("Active")?.isTrue == true)
        }
    }

    @Test("a hundred requests at once start it once, even where the gateway has not counted them yet")
    func stampede() async throws {
        try await World.run { world in
            try await started(world, quick)
            try await world.advance(by: .seconds(40))
            world.node.setFate(.silent)
            for _ in 0..<100 { world.controllers.wake(namespace: "default", revision: revision) }
            try await world.settle()
            #expect(try await world.list(.pods).count == 1)
        }
    }

    @Test("a request in flight keeps it up, however long it takes")
    func busy() async throws {
        try await World.run { world in
            try await started(world, quick)
            world.gateway.setInFlight(1, revision)
            for _ in 0..<60 {
                world.gateway.count(requestSeconds: 1, revision)
                try await world.advance(by: .seconds(1))
            }
            #expect(try await world.replicas(revision) == 1)
            #expect(try await world.get(.podAutoscalers, revision).condition("Active")?.isTrue == true)
        }
    }

    @Test("a request in the grace period makes it active again")
    func grace() async throws {
        try await World.run { world in
            try await started(world, quick)
            try await world.advance(by: .seconds(12))
            #expect(try await world.get(.podAutoscalers, revision).condition("Active")?.isFalse == true)
            world.gateway.setInFlight(1, revision)
            world.gateway.count(requestSeconds: 1, revision)
            try await world.advance(by: .seconds(2))
            #expect(try await world.get(.podAutoscalers, revision).condition("Active")?.isTrue == true)
        }
    }

    @Test("load raises the number of replicas, within max-scale")
    func up() async throws {
        try await World.run { world in
            try await started(
                world, scaling(["min-scale": "1", "max-scale": "3", "target": "10", "window": "6s"]))
            world.gateway.setInFlight(100, revision)
            for _ in 0..<8 {
                world.gateway.count(requestSeconds: 100, revision)
                try await world.advance(by: .seconds(1))
            }
            #expect(try await world.replicas(revision) == 3)
            #expect(try await world.list(.pods).count == 3)
            let reading = try #require(world.controllers.scalingReadings.first)
            #expect(reading.revision.name == revision && reading.service == "hello")
            #expect(reading.desired == 3 && reading.requested == 3 && reading.ready == 3 && reading.notReady == 0)
            #expect(reading.policy?.target == 7 && reading.decision?.isPanicking == true)
            let events = try await world.list(.events).filter { $0["reason"] == "SuccessfulRescale" }
            let message = try #require(events.last?["message"]?.stringValue)
            #expect(message.hasPrefix("New size: 3, before: 1; reason: "))
            #expect(message.hasSuffix("requests at once over 6 s; panic: 100, the target of a replica is 7"))
        }
    }

    @Test("config-autoscaler is read live, and a bad one is refused with its keys")
    func settings() async throws {
        try await World.run { world in
            var map = Object(.configMaps, namespace: "martlet-system", name: "config-autoscaler")
            map["data"] = ["scale-to-zero-grace-period": "1s", "initial-scale": "2"]
            _ = try await world.server.create(.configMaps, map)
            try await started(world, quick)
            // Begun with two, and with one as soon as both were ready: nobody calls.
            let events = try await world.list(.events).filter { $0["reason"] == "SuccessfulRescale" }
            #expect(events.first?["message"]?.stringValue?.hasPrefix("New size: 1, before: 2") == true)
            #expect(try await world.get(.podAutoscalers, revision).condition("ScaleTargetInitialized")?.isTrue == true)
            map["data"] = ["stable-window": "1s", "min-scale": "many"]
            let refused = await #expect(throws: Status.self) { try await world.server.replace(.configMaps, map) }
            #expect(refused?.causes.map(\.field) == ["data[stable-window]", "data[min-scale]"])
            try await world.advance(by: .seconds(20))
            #expect(try await world.replicas(revision) == 0)
        }
    }

    @Test("a revision that no traffic reaches any more goes to zero whatever its min-scale")
    func unreachable() async throws {
        try await World.run { world in
            let annotations = scaling(["min-scale": "1", "window": "6s"])
            try await started(world, annotations)
            _ = try await world.server.replace(
                .knativeServices, knativeService(image: "example.com/hello:2", annotations: annotations))
            try await world.settle()
            #expect(try await world.get(.podAutoscalers, revision)["spec", "reachability"] == "Unreachable")
            try await world.advance(by: .seconds(60), step: .seconds(2))
            #expect(try await world.replicas(revision) == 0)
            #expect(try await world.replicas("hello-00002") == 1)
        }
    }

    @Test("a first start that never succeeds is given up after the progress deadline")
    func givenUp() async throws {
        try await World.run { world in
            world.node.setFate(.silent)
            try await started(world, quick)
            try await world.advance(by: .seconds(700), step: .seconds(20))
            #expect(try await world.replicas(revision) == 0)
            let revision = try await world.get(.revisions, revision)
            #expect(revision.condition("ResourcesAvailable")?.reason == "ProgressDeadlineExceeded")
            #expect(try await world.get(.knativeServices, "hello").condition("Ready")?.isFalse == true)
        }
    }

    @Test("bytes that arrive move the progress deadline on")
    func progress() async throws {
        try await World.run { world in
            world.node.setFate(.silent)
            try await started(world, scaling(["min-scale": "1"]))
            for minute in 0..<15 {
                world.node.setFate(.fetching("fetched \(minute) MB of 98 MB"))
                try await world.advance(by: .seconds(60), step: .seconds(60))
            }
            let deployment = try await world.get(.deployments, "\(revision)-deployment")
            #expect(deployment.condition("Progressing")?.isTrue == true)
            try await world.advance(by: .seconds(620), step: .seconds(20))
            let stuck = try await world.get(.deployments, "\(revision)-deployment")
            #expect(stuck.condition("Progressing")?.reason == "ProgressDeadlineExceeded")
        }
    }

    @Test("nobody asks for more replicas than max-scale-limit; what was there before the limit stays")
    func limit() async throws {
        try await World.run { world in
            func service(_ most: String, _ name: String = "hello") -> Object {
                knativeService(name, annotations: ["autoscaling.knative.dev/max-scale": most])
            }
            _ = try await world.server.create(.knativeServices, service("9"))
            var settings = Object(.configMaps, namespace: "martlet-system", name: "config-autoscaler")
            settings["data"] = ["max-scale": "3", "max-scale-limit": "5"]
            _ = try await world.server.create(.configMaps, settings)
            for most in ["6", "0"] {
                await #expect(throws: Status.self) {
                    _ = try await world.server.create(.knativeServices, service(most, "other"))
                }
            }
            _ = try await world.server.create(.knativeServices, service("5", "other"))
            var old = try await world.get(.knativeServices, "hello")
            old.labels["a"] = "b"
            _ = try await world.server.replace(.knativeServices, old)
            await #expect(throws: Status.self) {
                _ = try await world.server.replace(.knativeServices, service("10"))
            }
        }
    }
}
