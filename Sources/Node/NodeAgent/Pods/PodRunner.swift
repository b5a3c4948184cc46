import Glibc
import JSONModel
import KubeClient
import KubeController
import KubeModel
import Logging
import ServingAPI

/// Runs one pod: feeds its state machine and does what it says. One task owns it; everything else sends it events.
actor PodRunner {
    private enum Effect: Hashable, Sendable { case image, model, probes, drain, timer(PodTimer) }

    nonisolated let key: ObjectKey
    nonisolated let uid: String
    private nonisolated let inbox: AsyncStream<PodEvent>.Continuation
    private nonisolated let effects = Effects<Effect>()
    private let events: AsyncStream<PodEvent>
    private let services: NodeServices
    private let manifest: PodManifest
    private let reporter: PodReporter
    private let startTime: Int64
    private var machine: PodMachine
    private var pod: Object
    private var image: ImageEnvironment?
    private var modelDirectory: String?
    private var address: Address?
    private var process: ContainerProcess?
    /// Of the process: what it was started with, where its output goes, how it ended.
    private var running: (launch: ProcessLaunch, output: LogCapture, ending: Ending)?

    init(_ manifest: PodManifest, _ services: NodeServices) {
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
        machine = PodMachine(
            rules: .init(
                restartPolicy: manifest.restartPolicy, gracePeriod: manifest.gracePeriod,
                isProbed: manifest.readiness != nil || manifest.liveness != nil || manifest.startup != nil),
            hasModel: manifest.modelURI != nil, restartCount: Self.restartCount(pod),
            isConfined: services.confinement.refusal == nil)
        machine.confinementProblem = services.confinement.refusal
    }

    nonisolated func send(_ event: PodEvent) { inbox.yield(event) }

    /// Until the pod is gone or Martlet stops. Cancelling kills the pod's processes at once.
    func run() async {
        await withDiscardingTaskGroup { group in
            let stored = pod
            group.addTask { await self.reporter.run(from: stored) }
            tellUnmetFields()
            for await event in events {
                await handle(event)
                if isOver(after: event) { break }
            }
            process?.kill()
            await effects.endAll()
            await reporter.close()
        }
    }

    private func tellUnmetFields() {
        guard !manifest.unmetFields.isEmpty else { return }
        let fields = manifest.unmetFields.joined(separator: ", ")
        reporter.tell(
            .init(isWarning: true, reason: "NotSupported", message: "not in effect on this node yet: \(fields)"))
    }

    /// A pod that ended by itself waits for its object's deletion, or for Martlet's end.
    private func isOver(after event: PodEvent) -> Bool {
        switch (machine.state, event) {
        case (.finished(.removed), _), (.finished(.shutdown), _), (.finished, .shutdown): true
        default: false
        }
    }

    /// A container that ran in an earlier run of Martlet is started for one more time.
    private static func restartCount(_ pod: Object) -> Int {
        guard let status = pod["status", "containerStatuses"]?[0] else { return 0 }
        return (status["restartCount"]?.intValue ?? 0) + (status["containerID"] == nil ? 0 : 1)
    }

    private func handle(_ event: PodEvent) async {
        let now = services.now
        for action in machine.handle(event, at: now) { await perform(action) }
        services.confinement.refusal = services.confinement.refusal ?? machine.confinementProblem
        report(now)
    }

    private func report(_ now: Moment) {
        pod = PodStatus(manifest: manifest, machine: machine, startTime: startTime).applied(to: pod, now: now.calendar)
        reporter.want(pod, stages: machine.stages, isPassing: machine.isPassing)
    }

    private func perform(_ action: PodAction) async {
        switch action {
        case .pullImage: pullImage()
        case .fetchModel: fetchModel()
        case .start(let launch, let isConfined): await start(launch, isConfined)
        case .probe(let launch): probe(launch)
        case .stopProbing: effects.cancel(.probes)
        case .drain: drain()
        case .cut: await services.gate.cut(podUID: uid)
        case .terminate: process?.signal(SIGTERM)
        case .kill: process?.kill()
        case .killShim: process?.killShim()
        case .timer(let timer, let duration): setTimer(timer, duration)
        case .tell(let isWarning, let reason, let message):
            reporter.tell(.init(isWarning: isWarning, reason: reason, message: message))
        case .remove: await remove()
        case .clean: services.directories.remove(uid)
        }
    }
}

// Bringing image and model.
extension PodRunner {
    private func pullImage() {
        let throttle = ProgressThrottle(time: services.time)
        effects.start(.image) { [services, manifest, inbox] in
            do {
                let image = try await services.images.resolve(manifest.image) { message in
                    if throttle.isLetThrough() { inbox.yield(.image(.working(message))) }
                }
                await self.take(image: image)
                inbox.yield(.image(.done))
            } catch {
                if !Task.isCancelled { inbox.yield(.image(.failed("\(error)"))) }
            }
        }
    }

    private func fetchModel() {
        guard let uri = manifest.modelURI else { return }
        let throttle = ProgressThrottle(time: services.time)
        effects.start(.model) { [services, key, inbox] in
            do {
                let directory = try await services.models.acquire(uri, namespace: key.namespace ?? "default") {
                    message in
                    if throttle.isLetThrough() { inbox.yield(.model(.working(message))) }
                }
                await self.take(modelDirectory: directory)
                inbox.yield(.model(.done))
            } catch {
                if !Task.isCancelled { inbox.yield(.model(.failed("\(error)"))) }
            }
        }
    }

    private func take(image: ImageEnvironment) { self.image = image }
    private func take(modelDirectory: String) { self.modelDirectory = modelDirectory }
}

// Running.
extension PodRunner {
    private func start(_ launch: Int, _ isConfined: Bool) async {
        process = nil
        running = nil
        giveBackAddress()
        do throws(LaunchProblem) {
            let address = try await freeAddress()
            self.address = address
            try await spawn(launch, address, isConfined)
            _ = machine.handle(.launched(launch: launch, address), at: services.now)
        } catch {
            giveBackAddress()
            for action in machine.handle(.launchFailed(launch: launch, error), at: services.now) {
                await perform(action)
            }
        }
    }

    private func spawn(_ launch: Int, _ address: Address, _ isConfined: Bool) async throws(LaunchProblem) {
        var builder = LaunchBuilder(
            manifest: manifest, image: image ?? ImageEnvironment(entrypoint: []), modelDirectory: modelDirectory,
            directories: services.directories, address: address, isConfined: isConfined)
        let field = DownwardField(pod: pod, container: manifest.container, podIP: "\(address)")
        var environment = ContainerEnvironment(
            client: services.client, field: field, fixed: builder.fixedEnvironment)
        builder.volumes = try await PodVolumes(
            client: services.client, field: field, directories: services.directories
        ).binds()
        let command = try builder.launch(try await environment.resolve())
        do throws(PosixError) {
            try services.directories.prepare(pod: uid, container: manifest.containerName)
            process = try spawn(launch, command)
        } catch {
            throw .machine("\(error)")
        }
    }

    private func spawn(_ launch: Int, _ command: ProcessLaunch) throws(PosixError) -> ContainerProcess {
        let log = services.directories.log(
            pod: uid, container: manifest.containerName, attempt: machine.restartCount)
        let time = services.time
        let output = LogCapture(path: log, loop: services.logLoop, signals: services.logSignals) {
            time.microsecondsSince1970 * 1_000
        }
        let kills = OutOfMemory.kills()
        let ending = Ending()
        running = (command, output, ending)
        return try ContainerProcess.start(
            shimPath: services.shimPath, command, loop: services.loop, output: output
        ) { [inbox] event in
            ending.take(event)
            switch event {
            case .report(let report): inbox.yield(.report(launch: launch, report))
            case .gone(let shimSignal):
                inbox.yield(
                    .gone(
                        launch: launch, shimSignal: shimSignal, lastLines: output.lastLines,
                        isOutOfMemory: OutOfMemory.kills() > kills))
            }
        }
    }

    /// An address on whose port nothing answers: what listens on all addresses would answer for the pod, and be taken
    /// for it.
    private func freeAddress() async throws(LaunchProblem) -> Address {
        for _ in 0..<3 {
            guard let address = services.addresses.take() else { break }
            guard let port = manifest.port, await isTaken(address, port) else { return address }
            services.addresses.giveBack(address)
        }
        throw .machine(
            "something else listens on port \(manifest.port ?? 0) of all addresses of this machine: "
                + "stop it, or let it listen on 127.0.0.1 only, or change containerPort")
    }

    private func isTaken(_ address: Address, _ port: Int) async -> Bool {
        await services.prober.check(Probe(.tcp(port: port)), address).isSuccess
    }

    private func giveBackAddress() {
        if let address { services.addresses.giveBack(address) }
        address = nil
    }

    private func probe(_ launch: Int) {
        guard let address else { return }
        var prober = services.prober
        prober.exec = { [weak self] command in await self?.outcome(of: command) ?? .failure("the pod is gone") }
        let probes = PodProbes(
            manifest: manifest, address: address, launch: launch, prober: prober, time: services.time,
            onEvent: { [inbox] in inbox.yield($0) })
        effects.start(.probes) { await probes.run() }
    }
}

// What others do in the container.
extension PodRunner {
    /// - Throws: `Status`.
    func exec(_ words: [String], in container: String, hasInput: Bool, isTerminal: Bool) async throws
        -> ContainerSession
    {
        let (_, shim, running) = try running(container)
        var launch = running.launch
        launch.command = words
        launch.entered = shim
        (launch.hasInput, launch.isTerminal) = (hasInput, isTerminal)
        if isTerminal { launch.environment["TERM"] = launch.environment["TERM"] ?? "xterm" }
        return try await ContainerSession.exec(launch, services)
    }

    /// Runs a command to its end, or until cancelled.
    private func outcome(of command: [String]) async -> Prober.Outcome {
        do {
            let session = try await exec(
                command, in: manifest.containerName, hasInput: false, isTerminal: false)
            defer { session.close() }
            async let errors = session.text(errors: true)
            let said = await session.text(errors: false) + errors
            guard let code = await session.exitCode() else { return .failure("the command was killed") }
            return code == 0 ? .success : .failure(said.isEmpty ? "the command ended with \(code)" : said)
        } catch {
            return .failure("\(error)")
        }
    }

    /// - Throws: `Status`.
    func attach(to container: String) throws -> ContainerSession {
        let (process, _, running) = try running(container)
        return .attach(
            process, running.output, running.ending,
            endsInput: manifest.container["stdinOnce"]?.boolValue ?? false, isTerminal: running.launch.isTerminal)
    }

    /// What is to be measured of it; `nil` while nothing runs.
    var usageTarget: UsageSampler.Target? {
        guard let shim = process?.shimProcess, let startedAt = machine.executedAt else { return nil }
        return UsageSampler.Target(
            key: key, uid: uid, container: manifest.containerName, shim: shim, startedAt: startedAt)
    }

    private func running(
        _ container: String
    ) throws -> (ContainerProcess, shim: pid_t, (launch: ProcessLaunch, output: LogCapture, ending: Ending)) {
        guard container == manifest.containerName, machine.executedAt != nil, let process, let running,
            let shim = process.shimProcess
        else {
            throw Status.internalError("unable to upgrade connection: container not found (\"\(container)\")")
        }
        return (process, shim, running)
    }

    /// A connection to a port of the pod.
    ///
    /// - Throws: `PosixError`, `Status` where the pod does not run.
    func connect(to port: Int) async throws -> PodStream {
        guard let address, machine.executedAt != nil else {
            throw Status.internalError("the pod is not running")
        }
        return try await PodStream.connect(to: address, port: port, loop: services.loop)
    }
}

// Stopping.
extension PodRunner {
    private func drain() {
        guard let address else { return send(.drained) }
        effects.start(.drain) { [services, uid, inbox] in
            await services.gate.drained(podUID: uid, address: "\(address)")
            inbox.yield(.drained)
        }
    }

    private func setTimer(_ timer: PodTimer, _ duration: Duration) {
        effects.start(.timer(timer)) { [services, inbox] in
            do {
                try await services.time.sleep(for: duration)
                inbox.yield(.timeUp(timer))
            } catch {
                // Cancelled: the timer was set anew, or the pod is gone.
            }
        }
    }

    private func remove() async {
        giveBackAddress()
        var failures = 0
        while !Task.isCancelled {
            do {
                try await services.client.delete(
                    .pods, key, DeleteOptions(gracePeriodSeconds: 0, preconditionUID: uid))
                return
            } catch let status as Status where status.isNotFound || status.isConflict {
                return
            } catch {
                failures += 1
                services.logger.warning(
                    "Could not remove a pod that has ended; will try again",
                    metadata: ["pod": "\(key)", "error": "\(error)"])
                try? await services.time.sleep(for: BackOff.watching.delay(afterFailures: failures, random: 0))
            }
        }
    }
}
