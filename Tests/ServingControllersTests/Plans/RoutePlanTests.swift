import JSONModel
import KubeModel
import ServingAPI
import Testing

@testable import ServingControllers

@Suite("Routes and configurations")
struct RoutePlanTests {
    private func revision(_ name: String, _ ready: String, state: String = "active") -> Object {
        var revision = Object(.revisions, namespace: "default", name: name)
        revision.labels = ["serving.knative.dev/routingState": state]
        revision.setConditions([Condition("Ready", ready)], now: "2026-01-01T00:00:00Z")
        return revision
    }

    private func plan(
        _ traffic: [JSONValue], latestReady: String? = "r-00001", revisions: [Object],
        serves: @escaping @Sendable (String, String) -> Bool = { _, _ in true }
    ) -> Plan {
        var route = Object(.routes, namespace: "default", name: "r")
        route["spec", "traffic"] = .array(traffic)
        var configuration = Object(.configurations, namespace: "default", name: "r")
        configuration["status", "latestReadyRevisionName"] = latestReady.map { .string($0) }
        return RoutePlanner.plan(
            RouteReconciler.Observation(
                route: route, configurations: ["r": configuration], revisions: revisions, serves: serves),
            ServingSettings(domain: "example.com", gatewayPort: 80, nodeName: "node"), now: "2026-01-01T00:00:00Z")
    }

    private let latest: JSONValue = ["configurationName": "r", "latestRevision": true, "percent": 100]

    @Test("the newest ready revision gets what follows the configuration, at a URL without the usual port")
    func assigns() {
        let plan = plan([latest], revisions: [revision("r-00001", "True")])
        #expect(plan.status?["traffic"]?[0]?["revisionName"] == "r-00001")
        #expect(plan.status?["url"] == "http://r.default.example.com")
        #expect(plan.conditions.last?.isTrue == true)
        #expect(plan.change.isEmpty)
    }

    @Test(
        "a target without a revision that is ready is not assigned, and says why",
        arguments: [
            (["revisionName": "r-00009", "percent": 100], "False"),
            (["revisionName": "r-00002", "percent": 100], "Unknown"),
            (["revisionName": "r-00003", "percent": 100], "False"),
            (["configurationName": "other", "latestRevision": true, "percent": 100], "False"),
        ] as [(JSONValue, String)])
    func unassigned(target: JSONValue, status: String) {
        let plan = plan(
            [target], revisions: [revision("r-00002", "Unknown", state: "pending"), revision("r-00003", "False")])
        let condition = plan.conditions.first { $0.type == "AllTrafficAssigned" }
        #expect(condition?.status == status)
        #expect(condition?.message != nil)
    }

    @Test("revisions are marked when traffic comes to them and when it leaves")
    func routingState() {
        let plan = plan(
            [latest], latestReady: "r-00002",
            revisions: [
                revision("r-00001", "True"), revision("r-00002", "True", state: "pending"),
                revision("r-00003", "Unknown", state: "pending"),
            ])
        let states = plan.change.map { change in
            let labels = change.fields[path: "metadata", "labels"]
            return "\(change.key.name) \(labels?["serving.knative.dev/routingState"]?.stringValue ?? "")"
        }
        #expect(states == ["r-00001 reserve", "r-00002 active"])
    }

    @Test("every host of every target must be served before the route is ready")
    func served() {
        var tagged = latest
        tagged["tag"] = "blue"
        let revisions = [revision("r-00001", "True")]
        let partly = plan([tagged], revisions: revisions) { host, _ in host == "r.default.example.com" }
        #expect(partly.conditions.first { $0.type == "IngressReady" }?.reason == "Uninitialized")
        let wholly = plan([tagged], revisions: revisions) { host, _ in host.hasSuffix("r.default.example.com") }
        #expect(wholly.conditions.last?.isTrue == true)
    }

    @Test(
        "a revision's name counts the generations, in five digits",
        arguments: [(1, "c-00001"), (42, "c-00042"), (123_456, "c-123456")])
    func revisionName(generation: Int, expected: String) {
        var configuration = Object(.configurations, namespace: "default", name: "c")
        configuration.generation = generation
        #expect(ConfigurationPlanner.revisionName(configuration) == expected)
        configuration["spec", "template", "metadata", "name"] = "c-own"
        #expect(ConfigurationPlanner.revisionName(configuration) == "c-own")
    }
}
