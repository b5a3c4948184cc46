import JSONModel
import KubeModel
import ServingAPI
import Testing

@testable import ServingControllers

@Suite("A revision's children and health")
struct RevisionPlanTests {
    private var revision: Object {
        var revision = Object(.revisions, namespace: "default", name: "hello-00001")
        revision.uid = "u"
        revision.generation = 1
        revision.labels = [
            "serving.knative.dev/service": "hello", "serving.knative.dev/configuration": "hello",
            "serving.knative.dev/routingState": "active",
        ]
        revision.annotations = ["serving.knative.dev/routingStateModified": "2026-01-01T00:00:00Z"]
        revision.spec = [
            "containerConcurrency": 4, "timeoutSeconds": 60,
            "containers": [["name": "c", "image": "i", "env": [["name": "PORT", "value": "mine"]]]],
        ]
        return revision
    }

    @Test("the deployment is the template with Knative's contract filled in")
    func deployment() {
        let deployment = RevisionDeployment.make(of: revision, DeploymentSettings())
        #expect(deployment.name == "hello-00001-deployment")
        #expect(deployment["spec", "replicas"] == nil)
        #expect(deployment["spec", "selector"] == ["matchLabels": ["serving.knative.dev/revisionUID": "u"]])
        let template = Object(deployment["spec", "template"] ?? [:])
        #expect(template.labels["serving.knative.dev/revision"] == "hello-00001")
        #expect(template.labels["serving.knative.dev/routingState"] == nil)
        #expect(template.annotations.isEmpty)
        #expect(template["spec", "terminationGracePeriodSeconds"] == 60)
        #expect(template["spec", "containerConcurrency"] == nil)
        let container = template["spec", "containers"]?[0]
        #expect(container?["ports"] == [["containerPort": 8080, "name": "user-port", "protocol": "TCP"]])
        #expect(container?["readinessProbe"] == ["tcpSocket": ["port": 8080], "successThreshold": 1])
        let variables = container?["env"]?.arrayValue?.compactMap { $0["name"]?.stringValue }
        #expect(variables == ["PORT", "K_CONFIGURATION", "K_REVISION", "K_SERVICE"])
        #expect(container?["env"]?[0]?["value"] == "mine")
    }

    @Test("a probe without a port asks the serving one; a container that has everything keeps it")
    func probe() {
        var given = revision
        given["spec", "containers"] = [
            [
                "name": "c", "ports": [["containerPort": 9000, "name": "h2c"]],
                "readinessProbe": ["httpGet": ["path": "/health"]],
            ]
        ]
        let container = RevisionDeployment.make(of: given, DeploymentSettings())[
            "spec", "template", "spec", "containers"]?[0]
        #expect(container?["readinessProbe"] == ["httpGet": ["path": "/health", "port": 9000]])
        #expect(container?["ports"] == [["containerPort": 9000, "name": "h2c", "protocol": "TCP"]])
    }

    @Test("replicas are set once, by the initial scale; after that they are not the revision's")
    func replicas() {
        let observation = RevisionReconciler.Observation(revision: revision, pods: [])
        let first = RevisionPlanner.plan(observation)
        #expect(first.create.first?.object["spec", "replicas"] == 1)
        var later = observation
        later.deployment = first.create.first?.object
        let second = RevisionPlanner.plan(later)
        #expect(second.create.isEmpty)
        #expect(second.apply.map(\.resource) == [.deployments, .podAutoscalers])
        #expect(second.apply.first?.object["spec", "replicas"] == nil)
    }

    @Test(
        "the autoscaler learns whether a route leads to the revision",
        arguments: [("active", "Reachable"), ("reserve", "Unreachable"), ("pending", nil)] as [(String, String?)])
    func reachability(state: String, expected: String?) {
        var given = revision
        given.labels["serving.knative.dev/routingState"] = state
        #expect(RevisionPlanner.autoscaler(of: given)["spec", "reachability"]?.stringValue == expected)
    }

    // MARK: Health

    private func health(
        _ fates: [FakeNode.Fate], isInitialized: Bool, before: [Condition] = [], progressFailed: Bool = false
    ) -> [String: Condition] {
        var revision = revision
        revision.setConditions(before, now: "2026-01-01T00:00:00Z")
        var autoscaler = Object(.podAutoscalers, namespace: "default", name: "hello-00001")
        autoscaler.setConditions(
            [Condition("ScaleTargetInitialized", isInitialized ? "True" : "Unknown")], now: "2026-01-01T00:00:00Z")
        var deployment = Object(.deployments, namespace: "default", name: "hello-00001-deployment")
        if progressFailed {
            let failed = Condition("Progressing", "False", reason: "ProgressDeadlineExceeded", message: "stuck")
            deployment.setConditions([failed], now: "2026-01-01T00:00:00Z")
        }
        let pods = fates.map { fate in
            var pod = Object(.pods, namespace: "default", name: "p")
            pod["status"] = PodStatuses.status(fate)
            return pod
        }
        let observation = RevisionReconciler.Observation(
            revision: revision, deployment: deployment, autoscaler: autoscaler, pods: pods)
        let conditions = RevisionHealth(observation).conditions
        return Dictionary(conditions.map { ($0.type, $0) }, uniquingKeysWith: { $1 })
    }

    @Test("it deploys until its first replicas are ready")
    func deploying() {
        #expect(health([.silent], isInitialized: false)["Ready"]?.reason == "Deploying")
        #expect(health([.ready], isInitialized: false)["Ready"]?.isUnknown == true)
        #expect(health([.ready], isInitialized: true)["Ready"]?.isTrue == true)
    }

    @Test("once ready it stays so at zero and while it wakes")
    func staysReady() {
        let ready = [Condition("ContainerHealthy", "True"), Condition("ResourcesAvailable", "True")]
        for fates in [[], [.silent], [.fetching("1 of 2")]] as [[FakeNode.Fate]] {
            #expect(health(fates, isInitialized: true, before: ready)["Ready"]?.isTrue == true)
        }
    }

    @Test("a server that ends makes its container unhealthy; a ready pod beside it outweighs that")
    func crashes() {
        let crashed = health([.crashed(exitCode: 7, "bad")], isInitialized: true)
        #expect(crashed["ContainerHealthy"]?.reason == "ExitCode7")
        #expect(crashed["Ready"]?.isFalse == true)
        #expect(health([.crashed(exitCode: 7, "bad"), .ready], isInitialized: true)["Ready"]?.isTrue == true)
    }

    @Test("what cannot start makes its resources unavailable, with the node's reason")
    func unavailable() {
        let image = health([.imageMissing("none")], isInitialized: false)
        #expect(image["ResourcesAvailable"]?.reason == "ImagePullBackOff")
        #expect(image["ContainerHealthy"]?.isFalse == true)
        #expect(image["ContainerHealthy"]?.reason == "ContainerMissing")
        let model = health([.modelFailed("404")], isInitialized: false)
        #expect(model["ResourcesAvailable"]?.reason == "ModelLoadFailed")
        let stuck = health([.silent], isInitialized: false, progressFailed: true)
        #expect(stuck["Ready"]?.reason == "ProgressDeadlineExceeded")
    }
}
