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
        _ traffic: [JSONValue], latestReady: String? = "r-00001", revisions: [Object], labels: [String: String] = [:],
        hosts: HostNames = HostNames(domain: "example.com"),
        serves: @escaping @Sendable (String, String) -> Bool = { _, _ in true },
        splits: @escaping @Sendable (String, [String: Int]) -> Bool = { _, _ in true }
    ) -> Plan {
        var route = Object(.routes, namespace: "default", name: "r")
        route["spec", "traffic"] = .array(traffic)
        route.labels = labels
        var configuration = Object(.configurations, namespace: "default", name: "r")
        configuration["status", "latestReadyRevisionName"] = latestReady.map { .string($0) }
        return RoutePlanner.plan(
            RouteReconciler.Observation(
                route: route, configurations: ["r": configuration], revisions: revisions, hosts: hosts, serves: serves,
                splits: splits))
    }

    private let latest: JSONValue = ["configurationName": "r", "latestRevision": true, "percent": 100]

    @Test("the newest ready revision gets what follows the configuration, at a URL without the usual port")
    func assigns() {
        let plan = plan([latest], revisions: [revision("r-00001", "True")])
        #expect(plan.status?["traffic"]?[0]?["revisionName"] == "r-00001")
        #expect(plan.status?["url"] == "http://r.default.example.com")
        #expect(plan.conditions.last?.isTrue == true)
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

    @Test(
        "a revision is marked when traffic comes to it and when it leaves",
        arguments: [
            ("pending", [], nil), ("pending", ["b", "a"], "active a,b"), ("active", [], "reserve "),
            ("reserve", [], nil), ("reserve", ["a"], "active a"),
        ] as [(String, [String], String?)])
    func routingState(state: String, routes: [String], expected: String?) {
        var marked = revision("r-00001", "True", state: state)
        if state == "active" { marked.annotations = ["serving.knative.dev/routes": "a"] }
        let change = RoutingState.change(of: marked, routes: routes, now: "2026-01-01T00:00:00Z")
        let metadata = change?.fields["metadata"]
        let label = metadata?["labels"]?["serving.knative.dev/routingState"]?.stringValue
        let names = metadata?["annotations"]?["serving.knative.dev/routes"]?.stringValue ?? ""
        #expect(label.map { "\($0) \(names)" } == expected)
        let moved = metadata?["annotations"]?["serving.knative.dev/routingStateModified"]?.stringValue
        #expect(moved == expected.map { _ in "2026-01-01T00:00:00Z" })
    }

    @Test("one more route leads to it: that is noted, but not that its state changed")
    func secondRoute() {
        var marked = revision("r-00001", "True")
        marked.annotations = ["serving.knative.dev/routes": "a"]
        let change = RoutingState.change(of: marked, routes: ["a", "b"], now: "2026-01-01T00:00:00Z")
        #expect(change?.fields == ["metadata": ["annotations": ["serving.knative.dev/routes": "a,b"]]])
        marked.annotations = ["serving.knative.dev/routes": "a,b"]
        #expect(RoutingState.change(of: marked, routes: ["a", "b"], now: "2026-01-01T00:00:00Z") == nil)
    }

    @Test("a cluster-local route has its address inside as its URL, and so have its tags")
    func clusterLocal() {
        var tagged = latest
        tagged["tag"] = "blue"
        let plan = plan(
            [tagged], revisions: [revision("r-00001", "True")],
            labels: ["networking.knative.dev/visibility": "cluster-local"]
        ) { host, _ in host.hasSuffix("r.default.svc.cluster.local") }
        #expect(plan.status?["url"] == "http://r.default.svc.cluster.local")
        #expect(plan.status?["address"]?["url"] == "http://r.default.svc.cluster.local")
        #expect(plan.status?["traffic"]?[0]?["url"] == "http://blue-r.default.svc.cluster.local")
        #expect(plan.conditions.last?.isTrue == true)
    }

    @Test("hosts follow the templates of config-network")
    func templates() {
        let network = NetworkSettings(
            configMap: Object([
                "data": [
                    "domain-template": "{{.Name}}-{{.Namespace}}.x.{{.Domain}}", "tag-template": "{{.Name}}-{{.Tag}}",
                ]
            ]))
        var tagged = latest
        tagged["tag"] = "blue"
        let plan = plan(
            [tagged], revisions: [revision("r-00001", "True")],
            hosts: HostNames(domain: "example.com", port: 8080, network: network))
        #expect(plan.status?["url"] == "http://r-default.x.example.com:8080")
        #expect(plan.status?["traffic"]?[0]?["url"] == "http://r-blue-default.x.example.com:8080")
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
        "the gateway must split the traffic as the route says before the route is ready",
        arguments: [(["r-00001": 90, "r-00002": 10], true), (["r-00001": 80, "r-00002": 20], false)])
    func split(served: [String: Int], isReady: Bool) {
        let traffic: [JSONValue] = [
            ["revisionName": "r-00001", "percent": 40], ["revisionName": "r-00001", "percent": 50, "tag": "old"],
            ["revisionName": "r-00002", "percent": 10], ["revisionName": "r-00002", "percent": 0, "tag": "new"],
        ]
        let plan = plan(
            traffic, revisions: [revision("r-00001", "True"), revision("r-00002", "True")],
            splits: { host, shares in host == "r.default.example.com" && shares == served })
        #expect(plan.conditions.last?.isTrue == isReady)
        #expect(plan.conditions.first { $0.type == "IngressReady" }?.isTrue == isReady)
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
