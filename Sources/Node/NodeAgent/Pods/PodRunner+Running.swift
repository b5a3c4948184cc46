import Glibc
import KubeClient
import KubeController
import KubeModel

// Bringing image and model.
extension PodRunner {
    func pullImage(_ container: Int) {
        let name = manifest.containers[container].image
        let throttle = ProgressThrottle(time: services.time)
        effects.start(.image(container)) { [services] in
            do {
                let image = try await services.images.resolve(name) { message in
                    if throttle.isLetThrough() { self.send(.image(.working(message)), container: container) }
                }
                await self.take(image, container)
                self.send(.image(.done), container: container)
            } catch {
                if !Task.isCancelled { self.send(.image(.failed("\(error)")), container: container) }
            }
        }
    }

    func fetchModel() {
        guard !manifest.modelParts.isEmpty else { return }
        let throttle = ProgressThrottle(time: services.time)
        effects.start(.model) { [services, manifest] in
            do {
                let model = try await services.models.acquire(manifest.modelParts, for: manifest.pod) { message in
                    if throttle.isLetThrough() { self.send(.model(.working(message))) }
                }
                await self.take(model)
                self.send(.model(.done))
            } catch {
                if !Task.isCancelled { self.send(.model(.failed("\(error)"))) }
            }
        }
    }

    private func take(_ image: ImageEnvironment, _ container: Int) { containers[container].image = image }

    private func take(_ model: PodModel) {
        modelDirectory = model.directory
        for warning in model.warnings {
            reporter.tell(.init(isWarning: true, reason: "ModelWarning", message: warning))
        }
    }
}

// Running.
extension PodRunner {
    func start(_ container: Int, _ launch: Int, _ isConfined: Bool) async {
        containers[container].process = nil
        containers[container].running = nil
        var event: PodEvent
        do throws(LaunchProblem) {
            let address = try await address(for: container, launch)
            try await spawn(container, launch, address, isConfined)
            event = .launched(launch: launch, address)
        } catch {
            if !isAnotherRunning(container) { giveBackAddress() }
            event = .launchFailed(launch: launch, error)
        }
        for step in machines.handle(event, of: container, at: services.now) { await perform(step) }
    }

    /// Each start has a fresh address, as far as the pod's other containers let it: what an earlier start left behind
    /// must not answer for it.
    private func address(for container: Int, _ launch: Int) async throws(LaunchProblem) -> Address {
        if launch == 1 || isAnotherRunning(container), let address { return address }
        giveBackAddress()
        let address = try await freeAddress(manifest.containers[container].port)
        self.address = address
        return address
    }

    private func isAnotherRunning(_ container: Int) -> Bool {
        machines.all.indices.contains { $0 != container && machines[$0].isRunning }
    }

    private func spawn(
        _ container: Int, _ launch: Int, _ address: Address, _ isConfined: Bool
    ) async throws(LaunchProblem) {
        let own = containers[container]
        var builder = LaunchBuilder(
            manifest: manifest, container: own.manifest, image: own.image ?? ImageEnvironment(entrypoint: []),
            modelDirectory: modelDirectory, directories: services.directories, address: address,
            isConfined: isConfined)
        let field = DownwardField(pod: pod, container: own.manifest.json, podIP: "\(address)")
        var environment = ContainerEnvironment(
            client: services.client, field: field, fixed: builder.fixedEnvironment)
        builder.volumes = try await PodVolumes(
            client: services.client, field: field, directories: services.directories
        ).binds()
        let context = SecurityContext(pod: pod, container: own.manifest.json)
        if builder.isSandboxed { builder.user = try context.user() }
        var command = try builder.launch(try await environment.resolve())
        command.groups = services.groups.groups("martlet-\(uid)-\(own.manifest.name)", builder.limits)
        command.keep = .init(
            directory: services.directories.container(pod: uid, own.manifest.name),
            log: log(container, attempt: machines[container].restartCount))
        do throws(PosixError) {
            try services.directories.prepare(pod: uid, container: own.manifest.name)
            if builder.isCaching { try Directory.make(builder.cache) }
            if let user = builder.user { give(builder, to: user, context.fileGroup) }
            containers[container].process = try spawn(container, launch, command)
        } catch {
            throw .machine("\(error)")
        }
    }

    private func spawn(
        _ container: Int, _ launch: Int, _ command: ProcessLaunch
    ) throws(PosixError) -> ContainerProcess {
        let stage = stage(container, launch, command, attempt: machines[container].restartCount)
        return try ContainerProcess.start(
            shimPath: services.shimPath, command, loop: services.loop, output: stage.output, onEvent: stage.onEvent)
    }

    /// Another user than Martlet's gets what is the pod's own.
    private func give(_ builder: LaunchBuilder, to user: Sandbox.User, _ fileGroup: Int?) {
        let directories = services.directories
        let volumes = builder.volumes.map(\.source).filter { directories.isOwn($0, of: uid) }
        let own = [directories.home(uid), directories.temporary(uid)] + (builder.isCaching ? [builder.cache] : [])
        for path in own + volumes { Ownership.give(path, to: user, fileGroup: fileGroup) }
    }

    /// What stands around a process: where its output goes, how it ends, and who hears of it.
    typealias Stage = (
        output: LogCapture, ending: Ending, onEvent: @Sendable (ContainerProcess.Event) -> Void
    )

    func stage(_ container: Int, _ launch: Int, _ command: ProcessLaunch, attempt: Int) -> Stage {
        let time = services.time
        let output = LogCapture(
            path: log(container, attempt: attempt), loop: services.logLoop, signals: services.logSignals
        ) {
            time.microsecondsSince1970 * 1_000
        }
        let kills = OutOfMemory.kills()
        let ending = Ending()
        containers[container].running = (command, output, ending)
        return (
            output, ending,
            { [inbox] event in
                ending.take(event)
                switch event {
                case .report(let report):
                    inbox.yield(News(event: .report(launch: launch, report), container: container))
                case .gone(let shimSignal):
                    let gone = PodEvent.gone(
                        launch: launch, shimSignal: shimSignal, lastLines: output.lastLines,
                        isOutOfMemory: OutOfMemory.kills() > kills)
                    inbox.yield(News(event: gone, container: container))
                }
            }
        )
    }

    private func log(_ container: Int, attempt: Int) -> String {
        services.directories.log(pod: uid, container: manifest.containers[container].name, attempt: attempt)
    }

    /// An address on whose port nothing answers: what listens on all addresses would answer for the pod, and be taken
    /// for it.
    private func freeAddress(_ port: Int?) async throws(LaunchProblem) -> Address {
        for _ in 0..<3 {
            guard let address = services.addresses.take() else { break }
            guard let port, await isTaken(address, port) else { return address }
            services.addresses.giveBack(address)
        }
        throw .machine(
            "something else listens on port \(port ?? 0) of all addresses of this machine: "
                + "stop it, or let it listen on 127.0.0.1 only, or change containerPort")
    }

    private func isTaken(_ address: Address, _ port: Int) async -> Bool {
        await services.prober.check(Probe(.tcp(port: port)), address).isSuccess
    }

    func giveBackAddress() {
        if let address { services.addresses.giveBack(address) }
        address = nil
    }

    func probe(_ container: Int, _ launch: Int) {
        guard let address else { return }
        let own = manifest.containers[container]
        var prober = services.prober
        prober.exec = { [weak self] command in
            await self?.outcome(of: command, in: own.name) ?? .failure("the pod is gone")
        }
        let probes = PodProbes(
            container: own, address: address, launch: launch, isReady: machines[container].isReady, prober: prober,
            time: services.time,
            onEvent: { [inbox] in inbox.yield(News(event: $0, container: container)) })
        effects.start(.probes(container)) { await probes.run() }
    }
}
