import Glibc
import JSONModel
package import KubeClient
package import KubeController
package import KubeModel
package import Logging
import ServingAPI
import Synchronization

/// The kubelet of one machine: runs the pods whose `spec.nodeName` is this node's as processes.
///
/// Its processes outlive it, unless it is told to stop them: the next run finds their shims and goes on with them.
package final class NodeAgent: Sendable {
    package struct Configuration: Sendable {
        /// Pods with this `spec.nodeName` are run.
        package var nodeName: String
        /// `pods/<uid>/` in it is each pod's.
        package var dataDirectory: String
        /// For what servers computed of their models; `nil` for a folder of `dataDirectory`.
        package var cacheDirectory: String?
        /// The executable `martlet-shim`.
        package var shimPath: String
        /// What pods get between SIGTERM and SIGKILL when Martlet stops.
        package var shutdownGrace: Duration

        /// Shown as the kubelet's.
        package var version: String
        /// The most bytes of memory that pods may be given together; `nil` for what the machine has.
        package var memoryLimit: Int?

        package init(
            nodeName: String, dataDirectory: String, cacheDirectory: String? = nil, shimPath: String,
            shutdownGrace: Duration = .seconds(5),
            version: String = "", memoryLimit: Int? = nil
        ) {
            self.version = version
            self.memoryLimit = memoryLimit
            self.nodeName = nodeName
            self.cacheDirectory = cacheDirectory
            self.dataDirectory = dataDirectory
            self.shimPath = shimPath
            self.shutdownGrace = shutdownGrace
        }
    }

    /// The logs of this node's containers.
    package let logs: PodLogs

    private let configuration: Configuration
    private let services: NodeServices
    private let sampler: UsageSampler
    private let runners = RunnerTable()
    /// What an earlier run left running, by the pod's uid and the container's name, until its runner takes it.
    private let kept = Mutex<[String: [String: KeptShim]]>([:])
    private let isLettingGo = Mutex(false)
    private let keys: AsyncStream<ObjectKey>
    private let key: AsyncStream<ObjectKey>.Continuation

    /// - Parameters:
    ///   - pods: the informer of all pods; this subscribes to it, and the caller runs it afterwards.
    ///   - gate: asked before a pod that is deleted gets its SIGTERM.
    /// - Throws: where the system has no more descriptors or threads.
    package init(
        _ configuration: Configuration, client: any ResourceClient, pods: Informer, images: any PodImages,
        models: any PodModels, gate: any DrainGate, time: any TimeSource = SystemTime(),
        random: Randomness = systemRandomness, logger: Logger
    ) throws {
        self.configuration = configuration
        // What writes to a process or a socket that is gone wants an error.
        signal(SIGPIPE, SIG_IGN)
        let directories = PodDirectories(
            dataDirectory: configuration.dataDirectory, cacheRoot: configuration.cacheDirectory)
        let signals = LogSignals()
        services = NodeServices(
            client: client, informer: pods, images: images, models: models, gate: gate,
            shimPath: configuration.shimPath, directories: directories,
            addresses: AddressPool(seed: UInt32(random() * Double(UInt16.max))), confinement: Confinement(),
            groups: ControlGroupTree.find(),
            loop: try DescriptorLoop(name: "martlet-pods"), logLoop: try DescriptorLoop(name: "martlet-logs"),
            logSignals: signals,
            recorder: EventRecorder(
                client: client, component: "martlet-node", host: configuration.nodeName, time: time, logger: logger),
            time: time, logger: logger)
        logs = PodLogs(directory: directories, signals: signals, time: time)
        sampler = UsageSampler(directory: configuration.dataDirectory, time: time) { [runners] in
            var targets: [UsageSampler.Target] = []
            for runner in runners.all { targets += await runner.usageTargets }
            return targets
        }
        (keys, key) = AsyncStream.makeStream()
        pods.subscribe { [key] change in key.yield(change.object.key) }
    }

    /// Puts right what an earlier run left: finds the shims that run, kills processes without one, marks pods that do not
    /// run as not ready, and removes the files of pods that are gone. To be awaited before anything sends requests to pods,
    /// and before `run`.
    ///
    /// - Throws: `Status` where the pods cannot be listed.
    package func recover() async throws {
        let pods = try await services.client.list(.pods, namespace: nil).items.filter(isOurs)
        let recovery = Recovery(services: services)
        let found = Dictionary(pods.map { ($0.uid, recovery.kept(of: $0)) }) { $1 }.filter { !$0.value.isEmpty }
        kept.withLock { $0 = found }
        let running = found.filter { $0.value.values.contains { $0.shim != nil } }
        if !running.isEmpty {
            services.logger.notice("Found pods of an earlier run", metadata: ["count": "\(running.count)"])
        }
        let killed = Leftovers.kill(pods: services.directories.pods.subtracting(running.keys))
        if killed > 0 { services.logger.notice("Killed processes of an earlier run", metadata: ["count": "\(killed)"]) }
        for uid in services.directories.pods.subtracting(pods.map(\.uid)) { services.directories.remove(uid) }
        for pod in pods where running[pod.uid] == nil { await recovery.reset(pod) }
    }

    /// Kills what an earlier run left in `dataDirectory`, when no Martlet runs there.
    ///
    /// - Returns: how many processes there were.
    package static func endLeftovers(in dataDirectory: String) -> Int {
        Leftovers.kill(pods: PodDirectories(dataDirectory: dataDirectory).pods)
    }

    /// Runs this node's pods until `shutDown`. Cancelling instead kills them at once.
    package func run() async {
        await withDiscardingTaskGroup { group in
            for pod in services.informer.store.all { key.yield(pod.key) }
            for await key in keys { look(at: key, &group) }
            let event: PodEvent =
                isLettingGo.withLock { $0 } ? .letGo : .shutdown(grace: configuration.shutdownGrace)
            for runner in runners.all { runner.send(event) }
        }
    }

    /// Keeps this machine's Node object and Lease up to date and measures what is used, until cancelled.
    package func report() async {
        let reporter = NodeReporter(
            name: configuration.nodeName, version: configuration.version, directory: configuration.dataDirectory,
            memoryLimit: configuration.memoryLimit,
            client: services.client, time: services.time, logger: services.logger)
        await withDiscardingTaskGroup { group in
            group.addTask { await reporter.run() }
            group.addTask { await self.sampler.run() }
        }
    }

    /// What this machine uses; `nil` before anything was measured.
    package func usage() async -> Usage? { await sampler.machine() }

    /// What its pods use.
    package func podUsages() async -> [PodUsage] { await sampler.pods() }

    /// Stops all pods' processes, in parallel, and lets `run` return when they are gone: after a little more than
    /// `shutdownGrace` at the latest. The objects stay.
    ///
    /// - Parameter keepsPods: the processes go on under their shims, for the next run.
    package func shutDown(keepsPods: Bool = false) {
        isLettingGo.withLock { $0 = keepsPods }
        key.finish()
    }

    /// Starts a command beside the main process of a running container: with its environment and working directory, in
    /// its namespaces, in a session of its own.
    ///
    /// - Throws: `Status`, in the kubelet's words.
    package func exec(
        _ words: [String], in container: String, of pod: Object, hasInput: Bool, isTerminal: Bool
    ) async throws -> ContainerSession {
        try await runner(of: pod).exec(words, in: container, hasInput: hasInput, isTerminal: isTerminal)
    }

    /// The main process of a container: its output from now on, and its input if it has one.
    ///
    /// - Throws: `Status`.
    package func attach(to container: String, of pod: Object) async throws -> ContainerSession {
        try await runner(of: pod).attach(to: container)
    }

    /// A connection to a port of a pod.
    ///
    /// - Throws: an error whose description says why there is none.
    package func connect(to port: Int, of pod: Object) async throws -> PodStream {
        try await runner(of: pod).connect(to: port)
    }

    private func isOurs(_ pod: Object) -> Bool {
        pod["spec", "nodeName"]?.stringValue == configuration.nodeName
    }

    private func look(at key: ObjectKey, _ group: inout DiscardingTaskGroup) {
        let stored = services.informer.store[key]
        let pod = stored.flatMap { isOurs($0) ? $0 : nil }
        for runner in runners.all.filter({ $0.key == key && $0.uid != pod?.uid }) {
            runner.send(.vanish)
        }
        guard let pod, !pod.uid.isEmpty else { return }
        guard let runner = runners[pod.uid] else { return start(pod, &group) }
        if pod.isBeingDeleted { runner.send(.delete(grace: Self.grace(pod))) }
    }

    private func start(_ pod: Object, _ group: inout DiscardingTaskGroup) {
        guard !Recovery.isOver(pod) else { return }
        do throws(PodManifest.Refusal) {
            let kept = kept.withLock { $0.removeValue(forKey: pod.uid) } ?? [:]
            let runner = PodRunner(try PodManifest(pod), kept: kept, services)
            runners.add(runner)
            runner.send(pod.isBeingDeleted ? .delete(grace: Self.grace(pod)) : .begin)
            group.addTask {
                await runner.run()
                self.runners.remove(runner)
            }
        } catch {
            group.addTask { [services] in await Recovery(services: services).refuse(pod, error) }
        }
    }

    /// - Throws: 500 in the kubelet's words, where this node does not run the pod.
    private func runner(of pod: Object) throws(Status) -> PodRunner {
        guard let runner = runners[pod.uid] else {
            throw .internalError("unable to upgrade connection: pod does not exist")
        }
        return runner
    }

    private static func grace(_ pod: Object) -> Duration {
        .seconds(pod["metadata", "deletionGracePeriodSeconds"]?.intValue ?? 0)
    }
}
