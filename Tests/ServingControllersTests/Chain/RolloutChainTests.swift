import JSONModel
import KubeClient
import KubeModel
import ServingAPI
import Testing

@testable import ServingControllers

@Suite("Rollouts, from the API to the pods")
struct RolloutChainTests {
    private let key = ObjectKey(namespace: "default", name: "hello")

    private func gradual(_ image: String = "example.com/hello:1") -> Object {
        var service = knativeService(image: image)
        service.annotations["serving.knative.dev/rollout-duration"] = "10s"
        return service
    }

    private func shares(_ world: World) async throws -> [String] {
        let targets = try await world.get(.routes, "hello")["status", "traffic"]?.arrayValue ?? []
        return targets.compactMap(ResolvedTarget.init).map { "\($0.revision) \($0.percent)" }
    }

    @Test("traffic moves step by step; meanwhile the route says so, and both revisions are active")
    func gradualRollout() async throws {
        try await World.run { world in
            _ = try await world.server.create(.knativeServices, gradual())
            try await world.settle()
            _ = try await world.server.replace(.knativeServices, gradual("example.com/hello:2"))
            try await world.settle()
            #expect(try await shares(world) == ["hello-00002 1", "hello-00001 99"])
            let ingress = try await world.get(.routes, "hello").condition("IngressReady")
            #expect(ingress?.isUnknown == true)
            #expect(ingress?.reason == "RolloutInProgress")
            #expect(try await world.get(.knativeServices, "hello").condition("Ready")?.isUnknown == true)
            for name in ["hello-00001", "hello-00002"] {
                #expect(try await world.get(.revisions, name).labels["serving.knative.dev/routingState"] == "active")
            }
            world.controllers.routesChanged()
            try await world.settle()
            var seen = Set<String>()
            for _ in 0..<12 {
                try await world.advance(by: .seconds(1))
                let now = try await shares(world)
                seen.insert(now.first ?? "")
                let total = now.compactMap { $0.split(separator: " ").last.flatMap { Int($0) } }.reduce(0, +)
                #expect(total == 100)
            }
            #expect(seen.count > 5)
            #expect(try await shares(world) == ["hello-00002 100"])
            #expect(try await world.get(.knativeServices, "hello").condition("Ready")?.isTrue == true)
            #expect(try await world.get(.routes, "hello")["status", "annotations"] == nil)
            let old = try await world.get(.revisions, "hello-00001")
            #expect(old.labels["serving.knative.dev/routingState"] == "reserve")
            let events = try await world.list(.events).compactMap { $0["reason"]?.stringValue }
            #expect(events.contains("RolloutStarted") && events.contains("RolloutCompleted"))
        }
    }

    @Test("config-network gives a duration to all routes, and 0 s ends what is under way at once")
    func clusterDuration() async throws {
        try await World.run { world in
            var settings = Object(.configMaps, namespace: "martlet-system", name: "config-network")
            settings["data"] = ["rollout-duration": "100s"]
            _ = try await world.server.create(.configMaps, settings)
            _ = try await world.server.create(.knativeServices, knativeService())
            try await world.settle()
            _ = try await world.server.replace(.knativeServices, knativeService(image: "example.com/hello:2"))
            try await world.settle()
            #expect(try await shares(world) == ["hello-00002 1", "hello-00001 99"])
            settings["data"] = ["rollout-duration": "0s"]
            _ = try await world.server.replace(.configMaps, settings)
            try await world.settle()
            #expect(try await shares(world) == ["hello-00002 100"])
        }
    }

    @Test("two routes to one revision agree on its state, and when both are gone it is a reserve")
    func twoRoutes() async throws {
        try await World.run { world in
            _ = try await world.server.create(.knativeServices, knativeService())
            try await world.settle()
            var other = Object(.routes, namespace: "default", name: "other")
            other["spec", "traffic"] = [["revisionName": "hello-00001", "percent": 100]]
            _ = try await world.server.create(.routes, other)
            try await world.settle()
            _ = try await world.server.replace(.knativeServices, knativeService(image: "example.com/hello:2"))
            try await world.settle()
            var first = try await world.get(.revisions, "hello-00001")
            #expect(first.labels["serving.knative.dev/routingState"] == "active")
            #expect(first.annotations["serving.knative.dev/routes"] == "other")
            let version = first.resourceVersion
            try await world.advance(by: .seconds(10), step: .seconds(5))
            first = try await world.get(.revisions, "hello-00001")
            #expect(first.resourceVersion == version, "nobody takes it back and forth")
            try await world.server.delete(.routes, ObjectKey(namespace: "default", name: "other"))
            try await world.settle()
            first = try await world.get(.revisions, "hello-00001")
            #expect(first.labels["serving.knative.dev/routingState"] == "reserve")
            #expect(first.annotations["serving.knative.dev/routes"] == nil)
        }
    }

    @Test("old revisions are collected as config-gc says; a note on a revision restarts no pod")
    func collection() async throws {
        try await World.run { world in
            for number in 1...4 {
                let service = knativeService(image: "example.com/hello:\(number)")
                _ =
                    number == 1
                    ? try await world.server.create(.knativeServices, service)
                    : try await world.server.replace(.knativeServices, service)
                try await world.settle()
            }
            #expect(try await world.list(.revisions).count == 4)
            let pods = try await world.list(.pods).map(\.name)
            for name in ["hello-00001", "hello-00004"] {
                let mark: JSONValue = ["metadata": ["annotations": ["serving.knative.dev/no-gc": "true"]]]
                let revision = ObjectKey(namespace: "default", name: name)
                _ = try await world.server.patch(.revisions, revision, .merge(mark))
            }
            try await world.settle()
            #expect(try await world.list(.pods).map(\.name) == pods)
            var settings = Object(.configMaps, namespace: "martlet-system", name: "config-gc")
            settings["data"] = [
                "retain-since-create-time": "disabled", "retain-since-last-active-time": "5s",
                "min-non-active-revisions": "0",
            ]
            _ = try await world.server.create(.configMaps, settings)
            try await world.settle()
            #expect(try await world.list(.revisions).count == 4, "none is old enough")
            try await world.advance(by: .seconds(6))
            #expect(try await world.list(.revisions).map(\.name) == ["hello-00001", "hello-00004"])
            let events = try await world.list(.events).filter { $0["reason"] == "RevisionCollected" }
            #expect(!events.isEmpty)
            #expect(try await world.get(.knativeServices, "hello").condition("Ready")?.isTrue == true)
        }
    }

    @Test("a revision's limits come from config-defaults where its template leaves them open")
    func defaults() async throws {
        try await World.run { world in
            var settings = Object(.configMaps, namespace: "martlet-system", name: "config-defaults")
            settings["data"] = ["revision-timeout-seconds": "77", "container-concurrency": "3"]
            _ = try await world.server.create(.configMaps, settings)
            var deadline = Object(.configMaps, namespace: "martlet-system", name: "config-deployment")
            deadline["data"] = ["progress-deadline": "90s"]
            _ = try await world.server.create(.configMaps, deadline)
            _ = try await world.server.create(.knativeServices, knativeService())
            try await world.settle()
            let revision = try await world.get(.revisions, "hello-00001")
            #expect(revision["spec", "timeoutSeconds"] == 77)
            #expect(revision["spec", "containerConcurrency"] == 3)
            #expect(try await world.get(.podAutoscalers, "hello-00001")["spec", "containerConcurrency"] == 3)
            let deployment = try await world.get(.deployments, "hello-00001-deployment")
            #expect(deployment["spec", "progressDeadlineSeconds"] == 90)
        }
    }

    @Test("a model that arrives slowly is not given up, however long it takes; one that stands still is")
    func progress() async throws {
        try await World.run { world in
            world.node.setFate(.fetching("fetched 1 MB of 900 MB (10 kB/s)"))
            var service = knativeService(annotations: scaling(["min-scale": "0"]))
            service["spec", "template", "metadata", "annotations", "serving.knative.dev/progress-deadline"] = "60s"
            _ = try await world.server.create(.knativeServices, service)
            try await world.settle()
            for megabytes in 2...12 {
                world.node.setFate(.fetching("fetched \(megabytes) MB of 900 MB (10 kB/s)"))
                try await world.advance(by: .seconds(50), step: .seconds(25))
                let revision = try await world.get(.revisions, "hello-00001")
                #expect(revision.condition("Ready")?.reason == "Deploying", "after \(megabytes * 50) s")
                #expect(try await world.list(.pods).count == 1)
            }
            try await world.advance(by: .seconds(120), step: .seconds(20))
            let revision = try await world.get(.revisions, "hello-00001")
            #expect(revision.condition("Ready")?.isFalse == true)
            #expect(revision.condition("Ready")?.reason == "ProgressDeadlineExceeded")
        }
    }
}
