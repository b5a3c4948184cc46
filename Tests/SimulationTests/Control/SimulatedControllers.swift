import Autoscaling
import JSONModel
import KubeModel
import ServingAPI

@testable import KubeController
@testable import ServingControllers

/// The autoscaler and the deployment controller: the real work queue and the real planners, over objects that take a
/// moment to be written. Between any two steps they may be restarted, and forget all but the objects.
final class SimulatedControllers {
    private enum Work: Hashable, Sendable {
        case autoscaler(String)
        case deployment(String)
    }

    private let events: EventQueue
    private let objects: SimulatedObjects
    private let traffic: SimulatedTraffic
    private let node: SimulatedNode
    private let mutation: Mutation?
    private var queue = KeyQueue<Work>()
    private var loads: RevisionLoads
    /// Counts restarts: what was begun before the last one is dropped.
    private var life = 0
    private var isRunning = true
    private let configuration: AutoscalerConfiguration

    init(
        _ scenario: Scenario, _ events: EventQueue, _ objects: SimulatedObjects, _ traffic: SimulatedTraffic,
        _ node: SimulatedNode
    ) {
        self.events = events
        self.objects = objects
        self.traffic = traffic
        self.node = node
        mutation = scenario.mutation
        var configuration = AutoscalerConfiguration()
        configuration.scaleToZeroGracePeriod = .seconds(1)
        self.configuration = configuration
        loads = RevisionLoads(traffic: traffic, time: events.time)
        objects.onAutoscaler = { [unowned self] in add(.autoscaler($0)) }
        objects.onDeployment = { [unowned self] in add(.deployment($0)) }
    }

    /// Loses everything that is in memory; what waits in the gateway is not told again but by the gateway itself.
    func restart() {
        life += 1
        isRunning = false
        queue = KeyQueue()
        events.after(.milliseconds(10) ... .seconds(2)) {
            self.loads = RevisionLoads(traffic: self.traffic, time: self.events.time)
            self.isRunning = true
            for revision in self.objects.autoscalers.keys.sorted() {
                self.add(.autoscaler(revision))
                self.add(.deployment(revision))
            }
        }
    }

    /// Whether a new pod may start at once.
    var hasRoom: (_ pod: Object) -> Bool = { _ in true }

    /// To make room for another.
    func sendToSleep(_ revision: String) {
        loads.quieten(ObjectKey(namespace: "default", name: revision))
        scale(revision, to: 0)
    }

    func wake(_ revision: String) {
        guard isRunning else { return }
        loads.poke(ObjectKey(namespace: "default", name: revision))
        add(.autoscaler(revision))
    }

    // MARK: The queue

    private func add(_ work: Work) {
        guard isRunning else { return }
        if queue.add(work) { later { self.takeOne() } }
    }

    /// After the time of a look into caches, or of a write; dropped by a restart.
    private func later(_ step: @escaping () -> Void) {
        let life = life
        let delay: ClosedRange<Duration> =
            events.random.chance(5) ? .zero ... .milliseconds(100) : .microseconds(100) ... .milliseconds(5)
        events.after(delay) { if self.life == life { step() } }
    }

    private func takeOne() {
        guard let work = queue.take() else { return }
        switch work {
        case .autoscaler(let revision): reconcileAutoscaler(revision)
        case .deployment(let revision): reconcileDeployment(revision)
        }
    }

    private func finish(_ work: Work, lookAgain: Duration?) {
        if let lookAgain {
            let moment = events.time.now + lookAgain
            let life = life
            if queue.delay(work, until: moment) {
                events.after(lookAgain) {
                    guard self.life == life, self.queue.elapse(work, moment) else { return }
                    self.later { self.takeOne() }
                }
            }
        }
        if queue.finish(work) { later { self.takeOne() } }
    }

    // MARK: PodAutoscaler

    private func reconcileAutoscaler(_ revision: String) {
        guard let autoscaler = objects.autoscalers[revision] else {
            loads.forget(ObjectKey(namespace: "default", name: revision))
            finish(.autoscaler(revision), lookAgain: nil)
            return
        }
        let plan = PodAutoscalerPlanner.plan(observe(autoscaler))
        let change = plan.change.first?.fields["spec"]?["replicas"]?.intValue
        later {
            if let change { self.scale(revision, to: change) }
            self.later {
                if let now = self.objects.autoscalers[revision] { self.report(plan, revision, now) }
                self.finish(.autoscaler(revision), lookAgain: plan.lookAgain)
            }
        }
    }

    private func observe(_ autoscaler: Object) -> PodAutoscalerReconciler.Observation {
        let policy = ScalingPolicy(
            configuration, annotations: autoscaler.autoscalingAnnotations,
            containerConcurrency: autoscaler["spec", "containerConcurrency"]?.intValue ?? 0)
        let ready = objects.pods(of: autoscaler.name).count { !$0.isBeingDeleted && $0.isReady }
        return PodAutoscalerReconciler.Observation(
            autoscaler: autoscaler, deployment: objects.deployments[autoscaler.name], ready: ready, policy: policy,
            wish: loads.wish(autoscaler.key, policy, ready: ready, isReachable: autoscaler.isReachable),
            clock: Calendar(events.time))
    }

    private func scale(_ revision: String, to replicas: Int) {
        guard var deployment = objects.deployments[revision] else { return }
        node.referee.note("scale \(revision) to \(replicas)")
        if replicas == 0, mutation == .neverSleeps { return }
        let wanted = mutation == .ignoresMaxScale && replicas > 0 ? replicas + 5 : replicas
        deployment["spec", "replicas"] = .number(JSONNumber(wanted))
        deployment.generation += 1
        objects.setDeployment(revision, deployment)
    }

    private func report(_ plan: Plan, _ revision: String, _ object: Object) {
        guard let status = plan.status else { return }
        var changed = object
        changed.status = status
        changed["status", "conditions"] = object["status", "conditions"]
        changed.setConditions(plan.conditions, now: events.time.timestamp)
        if changed != object {
            let said = plan.conditions.map { "\($0.type) \($0.status)" }
            node.referee.note("\(revision): \(said.joined(separator: ", "))")
        }
        objects.setAutoscaler(revision, changed)
    }

    // MARK: Deployment

    private func reconcileDeployment(_ revision: String) {
        guard let deployment = objects.deployments[revision] else {
            finish(.deployment(revision), lookAgain: nil)
            return
        }
        let set = objects.replicaSets[revision]
        let versions = set.map { [DeploymentVersion(replicaSet: $0, pods: objects.pods(of: revision))] } ?? []
        let observation = DeploymentReconciler.Observation(
            deployment: deployment, versions: versions, current: set == nil ? nil : 0)
        let plan = DeploymentPlanner(observation: observation, clock: Calendar(events.time))
            .plan(ReplicaSetPods { self.objects.uid("pod") })
        later {
            // The server collects what has no owner any more.
            if self.objects.deployments[revision]?.uid == deployment.uid {
                for change in plan.change { self.perform(change, of: revision) }
                for manifest in plan.create { self.create(manifest, of: revision) }
            }
            for manifest in plan.delete {
                self.objects.deletePod(
                    manifest.object.name, uid: manifest.object.uid, at: self.events.time.timestamp)
            }
            self.later {
                if var now = self.objects.deployments[revision], let status = plan.status {
                    now.status = status
                    self.objects.setDeployment(revision, now)
                }
                self.finish(.deployment(revision), lookAgain: plan.lookAgain)
            }
        }
    }

    /// Of the Deployment or of its ReplicaSet.
    private func perform(_ change: Plan.Change, of revision: String) {
        let isSet = change.resource == .replicaSets
        guard var object = isSet ? objects.replicaSets[revision] : objects.deployments[revision] else { return }
        let spec = object.spec
        object.json = object.json.merging(patch: change.fields)
        if object.spec != spec { object.generation += 1 }
        if isSet { objects.setReplicaSet(revision, object) } else { objects.setDeployment(revision, object) }
    }

    private func create(_ manifest: Plan.Manifest, of revision: String) {
        guard manifest.resource == .pods else {
            var set = manifest.object
            set.uid = objects.uid("set")
            set.generation = 1
            return objects.setReplicaSet(revision, set)
        }
        var pod = manifest.object
        pod.uid = objects.uid("uid")
        pod.creationTimestamp = events.time.timestamp
        objects.setPod(pod)
        if hasRoom(pod) { objects.bindPod(pod.name) } else { objects.onRoom() }
    }
}
