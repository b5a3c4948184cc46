import Glibc
import JSONModel
import KubeClient
import KubeController
import KubeModel
import Logging
import ServingAPI

/// Runs one pod: feeds its containers' state machines and does what they say. One task owns it; everything else sends it
/// events.
actor PodRunner {
    enum Effect: Hashable, Sendable {
        case image(Int), model, probes(Int), drain, timer(Int, PodTimer)
    }

    /// An event of one container, or of the whole pod.
    struct News: Sendable {
        var event: PodEvent
        var container: Int?
    }

    nonisolated let key: ObjectKey
    nonisolated let uid: String
    nonisolated let effects = Effects<Effect>()
    let inbox: AsyncStream<News>.Continuation
    let services: NodeServices
    let manifest: PodManifest
    let reporter: PodReporter
    private let events: AsyncStream<News>
    let startTime: Int64
    var machines: PodMachines
    var pod: Object
    /// What each container has on this machine.
    var containers: [RunningContainer]
    var modelDirectory: String?
    /// Of all containers that run.
    var address: Address?
    /// Martlet stops.
    private var isStopped = false
    /// Martlet stops and its pods do not.
    private var isLetGo = false
    private var kept: [Int: KeptShim]

    /// - Parameter kept: what runs of it already, by its container's name.
    init(_ manifest: PodManifest, kept: [String: KeptShim] = [:], _ services: NodeServices) {
        self.kept = [:]
        for (index, container) in manifest.containers.enumerated() { self.kept[index] = kept[container.name] }
        self.manifest = manifest
        self.services = services
        pod = manifest.pod
        key = pod.key
        uid = pod.uid
        startTime = services.time.microsecondsSince1970
        (events, inbox) = AsyncStream.makeStream()
        reporter = PodReporter(
            pod: pod, client: services.client, informer: services.informer, recorder: services.recorder,
            time: services.time, logger: services.logger)
        containers = manifest.containers.map { RunningContainer(manifest: $0) }
        let refusal = services.confinement.refusal
        machines = PodMachines(
            manifest.containers.map { Self.machine($0, of: manifest, refusal) }, initCount: manifest.initCount)
    }

    private static func machine(
        _ container: ContainerManifest, of manifest: PodManifest, _ refusal: String?
    ) -> PodMachine {
        let policy = manifest.restartPolicy
        var machine = PodMachine(
            rules: .init(
                path: container.path, restartPolicy: container.isInit && policy == .always ? .onFailure : policy,
                gracePeriod: manifest.gracePeriod, isProbed: container.isProbed),
            hasModel: !manifest.modelParts.isEmpty, restartCount: restartCount(container, manifest.pod),
            isConfined: refusal == nil)
        machine.confinementProblem = refusal
        return machine
    }

    nonisolated func send(_ event: PodEvent, container: Int? = nil) {
        inbox.yield(News(event: event, container: container))
    }

    /// Until the pod is gone or Martlet stops. Cancelling kills the pod's processes at once.
    func run() async {
        await withDiscardingTaskGroup { group in
            let stored = pod
            group.addTask { await self.reporter.run(from: stored) }
            tellUnmetFields()
            await adopt(kept)
            kept = [:]
            for await news in events {
                await handle(news)
                if isOver(after: news.event) { break }
            }
            for container in containers { isLetGo ? container.process?.letGo() : container.process?.kill() }
            await effects.endAll()
            // Stopped on purpose: the next run starts it afresh.
            if isStopped { services.directories.forgetProcesses(of: uid, manifest.containers.map(\.name)) }
            await reporter.close()
        }
    }

    private func tellUnmetFields() {
        let unmet = manifest.unmetFields(limitsMemory: services.groups.limitsMemory)
        guard !unmet.isEmpty else { return }
        let fields = unmet.joined(separator: ", ")
        reporter.tell(
            .init(isWarning: true, reason: "NotSupported", message: "not in effect on this node yet: \(fields)"))
    }

    /// A pod that ended by itself waits for its object's deletion, or for Martlet's end.
    private func isOver(after event: PodEvent) -> Bool {
        if case .shutdown = event { isStopped = true }
        if event == .letGo { isLetGo = true }
        if isLetGo { return true }
        let all = machines.all
        guard all.allSatisfy(\.isFinished) else { return false }
        return isStopped || all.contains { $0.state == .finished(.removed) || $0.state == .finished(.shutdown) }
    }

    /// A container that ran in an earlier run of Martlet is started for one more time.
    private static func restartCount(_ container: ContainerManifest, _ pod: Object) -> Int {
        let field = container.isInit ? "initContainerStatuses" : "containerStatuses"
        let statuses = pod["status", field]?.arrayValue ?? []
        guard let status = statuses.first(where: { $0["name"]?.stringValue == container.name }) else { return 0 }
        return (status["restartCount"]?.intValue ?? 0) + (status["containerID"] == nil ? 0 : 1)
    }

    func handle(_ news: News) async {
        let now = services.now
        for step in machines.handle(news.event, of: news.container, at: now) { await perform(step) }
        services.confinement.refusal = services.confinement.refusal ?? machines.confinementProblem
        report(now)
    }

    private func report(_ now: Moment) {
        pod = PodStatus(manifest: manifest, machines: machines, startTime: startTime)
            .applied(to: pod, now: now.calendar)
        reporter.want(pod, stages: machines.stages, isPassing: machines.isPassing)
    }

    func perform(_ step: PodMachines.Step) async {
        let container = step.container
        switch step.action {
        case .pullImage: pullImage(container)
        case .fetchModel: fetchModel()
        case .start(let launch, let isConfined): await start(container, launch, isConfined)
        case .probe(let launch): probe(container, launch)
        case .stopProbing: effects.cancel(.probes(container))
        case .drain: drain()
        case .cut: await services.gate.cut(podUID: uid)
        case .terminate: containers[container].process?.signal(SIGTERM)
        case .kill: containers[container].process?.kill()
        case .killShim: containers[container].process?.killShim()
        case .timer(let timer, let duration): setTimer(container, timer, duration)
        case .tell(let isWarning, let reason, let message):
            reporter.tell(.init(isWarning: isWarning, reason: reason, message: told(message, container)))
        case .remove: await remove()
        case .clean: services.directories.remove(uid)
        }
    }

    /// Of several containers it is said which one is meant.
    private func told(_ message: String, _ container: Int) -> String {
        manifest.containers.count == 1 ? message : "\(manifest.containers[container].name): \(message)"
    }
}

/// What one container has on this machine.
struct RunningContainer: Sendable {
    let manifest: ContainerManifest
    var image: ImageEnvironment?
    var process: ContainerProcess?
    /// Of the process: what it was started with, where its output goes, how it ended.
    var running: (launch: ProcessLaunch, output: LogCapture, ending: Ending)?
}
