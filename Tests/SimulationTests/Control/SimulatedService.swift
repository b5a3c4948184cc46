import Autoscaling
import JSONModel
import KubeController
import KubeModel
import ServingAPI

@testable import ServingControllers

/// A Knative Service's revisions and its route: what the controllers above the autoscaler do, in a few lines. A new
/// revision gets the traffic when one of its replicas is ready; the one before it is then unreachable.
final class SimulatedService {
    let name: String
    private let scenario: Scenario
    private let events: EventQueue
    private let objects: SimulatedObjects
    private let referee: Referee
    private var count = 0
    private var serving: String?

    init(_ name: String, _ scenario: Scenario, _ events: EventQueue, _ objects: SimulatedObjects, _ referee: Referee) {
        self.name = name
        self.scenario = scenario
        self.events = events
        self.objects = objects
        self.referee = referee
    }

    var host: String { "\(name).default.localhost" }

    /// A new template.
    func rollOut() {
        count += 1
        let name = "\(name)-\(count)"
        var revision = Object(.revisions, namespace: "default", name: name)
        revision.uid = objects.uid("revision")
        revision.annotations = Dictionary(
            uniqueKeysWithValues: scenario.annotations.map { ("autoscaling.knative.dev/\($0.key)", $0.value) })
        let limit = scenario.concurrencyLimit + (scenario.mutation == .exceedsConcurrency ? 1 : 0)
        revision.spec = [
            "containerConcurrency": .number(JSONNumber(limit)),
            "containers": [["image": "model", "resources": ["requests": ["memory": "1Gi"]]]],
        ]
        objects.setRevision(name, revision)
        var deployment = RevisionDeployment.withInitialScale(
            RevisionDeployment.make(of: revision), revision, AutoscalerConfiguration())
        deployment.uid = objects.uid("deployment")
        deployment.generation = 1
        objects.setDeployment(name, deployment)
        objects.setAutoscaler(name, RevisionPlanner.autoscaler(of: revision))
        referee.note("roll out \(name)")
        if serving == nil { shift(to: name) } else { shiftWhenReady(name) }
    }

    private func shiftWhenReady(_ name: String) {
        let isReady = objects.pods(of: name).contains { $0.isReady && !$0.isBeingDeleted }
        let startsAtZero = objects.deployments[name]?["spec", "replicas"]?.intValue == 0
        if isReady || startsAtZero {
            shift(to: name)
        } else {
            events.after(.milliseconds(50)) { self.shiftWhenReady(name) }
        }
    }

    private func shift(to name: String) {
        referee.note("route to \(name)")
        let old = serving
        serving = name
        var route = Object(.routes, namespace: "default", name: self.name)
        route.status = ["traffic": [["revisionName": .string(name), "percent": 100]]]
        objects.setRoute(route)
        setReachability(name, "active")
        guard let old, old != name else { return }
        events.after(.zero ... .milliseconds(50)) { self.setReachability(old, "reserve") }
        // Some are collected soon, perhaps with somebody waiting for them.
        if events.random.chance(50) { events.after(.milliseconds(100) ... .seconds(10)) { self.remove(old) } }
    }

    private func setReachability(_ name: String, _ state: String) {
        guard var revision = objects.revisions[name], var autoscaler = objects.autoscalers[name] else { return }
        revision.labels["serving.knative.dev/routingState"] = state
        objects.setRevision(name, revision)
        autoscaler.spec = RevisionPlanner.autoscaler(of: revision).spec
        autoscaler.generation += 1
        objects.setAutoscaler(name, autoscaler)
    }

    private func remove(_ name: String) {
        guard name != serving else { return }
        referee.note("remove \(name)")
        objects.setRevision(name, nil)
        objects.setAutoscaler(name, nil)
        objects.setDeployment(name, nil)
        for pod in objects.pods(of: name) { objects.deletePod(pod.name, uid: pod.uid, at: events.time.timestamp) }
    }
}
