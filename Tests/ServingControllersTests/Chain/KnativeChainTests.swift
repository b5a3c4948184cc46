import JSONModel
import KubeClient
import KubeModel
import ServingAPI
import Testing

@testable import ServingControllers

@Suite("From a Knative Service to its pods")
struct KnativeChainTests {
    @Test("a service becomes a configuration, a route, a revision, a deployment and a pod, and is ready when it is")
    func ready() async throws {
        try await World.run { world in
            world.node.setFate(.silent)
            _ = try await world.server.create(.knativeServices, knativeService())
            try await world.settle()
            let waiting = try await world.get(.knativeServices, "hello")
            #expect(waiting.condition("Ready")?.isUnknown == true)
            #expect(waiting["status", "latestCreatedRevisionName"] == "hello-00001")
            #expect(waiting["status", "latestReadyRevisionName"] == nil)

            world.node.setFate(.ready)
            try await world.settle()
            let service = try await world.get(.knativeServices, "hello")
            #expect(service.condition("Ready")?.isTrue == true)
            #expect(service["status", "url"] == "http://hello.default.localhost:8080")
            #expect(service["status", "address", "url"] == "http://hello.default.svc.cluster.local")
            #expect(
                service["status", "traffic"]
                    == [["latestRevision": true, "percent": 100, "revisionName": "hello-00001"]])
            let pods = try await world.list(.pods)
            #expect(pods.count == 1)
            #expect(pods[0].name.hasPrefix("hello-00001-deployment-"))
            #expect(pods[0]["spec", "nodeName"] == "node")
            #expect(pods[0].labels["serving.knative.dev/revision"] == "hello-00001")
            #expect(pods[0].labels["serving.knative.dev/service"] == "hello")
            let revision = try await world.get(.revisions, "hello-00001")
            #expect(revision.labels["serving.knative.dev/routingState"] == "active")
            #expect(revision["status", "actualReplicas"] == 1)
        }
    }

    @Test("a change of the template makes a revision; a change of labels, or none, does not")
    func revisions() async throws {
        try await World.run { world in
            _ = try await world.server.create(.knativeServices, knativeService())
            try await world.settle()
            let key = ObjectKey(namespace: "default", name: "hello")
            _ = try await world.server.patch(.knativeServices, key, .merge(["metadata": ["labels": ["a": "b"]]]))
            try await world.settle()
            #expect(try await world.list(.revisions).map(\.name) == ["hello-00001"])
            #expect(try await world.get(.configurations, "hello").labels["a"] == "b")

            _ = try await world.server.replace(.knativeServices, knativeService(image: "example.com/hello:2"))
            try await world.settle()
            #expect(try await world.list(.revisions).map(\.name) == ["hello-00001", "hello-00002"])
            let service = try await world.get(.knativeServices, "hello")
            #expect(service["status", "latestReadyRevisionName"] == "hello-00002")
            #expect(service.condition("Ready")?.isTrue == true)
            let old = try await world.get(.revisions, "hello-00001")
            #expect(old.labels["serving.knative.dev/routingState"] == "reserve")
        }
    }

    @Test("a revision that fails leaves the traffic where it was, and says why")
    func failingRevision() async throws {
        try await World.run { world in
            _ = try await world.server.create(.knativeServices, knativeService())
            try await world.settle()
            world.node.setFate(.silent)
            _ = try await world.server.replace(.knativeServices, knativeService(image: "example.com/hello:2"))
            try await world.settle()
            world.node.setFate(.crashed(exitCode: 3, "no such model"))
            let first = try await world.list(.pods).first { $0.labels["serving.knative.dev/revision"] == "hello-00001" }
            #expect(first != nil)
            try await world.settle()
            let service = try await world.get(.knativeServices, "hello")
            #expect(service["status", "latestCreatedRevisionName"] == "hello-00002")
            #expect(service["status", "latestReadyRevisionName"] == "hello-00001")
            #expect(service["status", "traffic"]?[0]?["revisionName"] == "hello-00001")
            let condition = service.condition("ConfigurationsReady")
            #expect(condition?.isFalse == true)
            #expect(condition?.reason == "RevisionFailed")
            #expect(condition?.message?.contains("no such model") == true)
            let revision = try await world.get(.revisions, "hello-00002")
            #expect(revision.condition("ContainerHealthy")?.reason == "ExitCode3")
        }
    }

    @Test("a route is ready only when the gateway serves it")
    func gatewayFirst() async throws {
        try await World.run { world in
            world.gateway.setServing(false)
            _ = try await world.server.create(.knativeServices, knativeService())
            try await world.settle()
            let waiting = try await world.get(.routes, "hello")
            #expect(waiting.condition("AllTrafficAssigned")?.isTrue == true)
            #expect(waiting.condition("IngressReady")?.isUnknown == true)
            world.gateway.setServing(true)
            world.controllers.routesChanged()
            try await world.settle()
            #expect(try await world.get(.knativeServices, "hello").condition("Ready")?.isTrue == true)
        }
    }

    @Test("a canary's share and tag go to the new revision, the rest to the one named")
    func canary() async throws {
        try await World.run { world in
            _ = try await world.server.create(.knativeServices, knativeService())
            try await world.settle()
            let traffic: [JSONValue] = [
                ["latestRevision": true, "percent": 10, "tag": "latest"],
                ["revisionName": "hello-00001", "percent": 90, "tag": "prev"],
            ]
            _ = try await world.server.replace(
                .knativeServices, knativeService(image: "example.com/hello:2", traffic: traffic))
            try await world.settle()
            let status = try await world.get(.knativeServices, "hello").status
            #expect(status["traffic"]?[0]?["revisionName"] == "hello-00002")
            #expect(status["traffic"]?[0]?["percent"] == 10)
            #expect(status["traffic"]?[0]?["url"] == "http://latest-hello.default.localhost:8080")
            #expect(status["traffic"]?[1]?["revisionName"] == "hello-00001")
            #expect(status["traffic"]?[1]?["percent"] == 90)
            for name in ["hello-00001", "hello-00002"] {
                #expect(try await world.get(.revisions, name).labels["serving.knative.dev/routingState"] == "active")
            }
        }
    }

    @Test("a revision may have a name of the user's choice; the same name for another template is refused")
    func ownName() async throws {
        try await World.run { world in
            _ = try await world.server.create(.knativeServices, knativeService(revisionName: "hello-blue"))
            try await world.settle()
            #expect(try await world.list(.revisions).map(\.name) == ["hello-blue"])
            #expect(try await world.get(.knativeServices, "hello").condition("Ready")?.isTrue == true)
            _ = try await world.server.replace(
                .knativeServices, knativeService(image: "example.com/hello:2", revisionName: "hello-green"))
            try await world.settle()
            _ = try await world.server.replace(
                .knativeServices, knativeService(image: "example.com/hello:3", revisionName: "hello-blue"))
            try await world.settle()
            let configuration = try await world.get(.configurations, "hello")
            #expect(configuration.condition("Ready")?.reason == "RevisionNameTaken")
        }
    }

    @Test("deleting the service takes everything along")
    func deletion() async throws {
        try await World.run { world in
            _ = try await world.server.create(.knativeServices, knativeService())
            try await world.settle()
            try await world.server.delete(.knativeServices, ObjectKey(namespace: "default", name: "hello"))
            try await world.settle()
            for resource in [Resource.configurations, .routes, .revisions, .podAutoscalers, .deployments, .pods] {
                #expect(try await world.list(resource).isEmpty, "\(resource)")
            }
        }
    }
}
