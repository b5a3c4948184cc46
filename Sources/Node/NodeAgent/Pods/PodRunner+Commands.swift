import Glibc
import JSONModel
import KubeModel

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
        launch.keep = nil
        (launch.hasInput, launch.isTerminal) = (hasInput, isTerminal)
        if isTerminal { launch.environment["TERM"] = launch.environment["TERM"] ?? "xterm" }
        return try await ContainerSession.exec(launch, services)
    }

    /// Runs a command to its end, or until cancelled.
    func outcome(of command: [String], in container: String) async -> Prober.Outcome {
        do {
            let session = try await exec(
                command, in: container, hasInput: false, isTerminal: false)
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
        let own = manifest.containers.first { $0.name == container }
        return .attach(
            process, running.output, running.ending,
            endsInput: own?.json["stdinOnce"]?.boolValue ?? false, isTerminal: running.launch.isTerminal)
    }

    /// What is to be measured of it: the containers that run.
    var usageTargets: [UsageSampler.Target] {
        containers.indices.compactMap { index in
            guard let shim = containers[index].process?.shimProcess, let startedAt = machines[index].executedAt else {
                return nil
            }
            return UsageSampler.Target(
                key: key, uid: uid, container: manifest.containers[index].name, shim: shim, startedAt: startedAt)
        }
    }

    private func running(
        _ container: String
    ) throws -> (ContainerProcess, shim: pid_t, (launch: ProcessLaunch, output: LogCapture, ending: Ending)) {
        guard let index = manifest.containers.firstIndex(where: { $0.name == container }),
            machines[index].executedAt != nil, let process = containers[index].process,
            let running = containers[index].running, let shim = process.shimProcess
        else {
            throw Status.internalError("unable to upgrade connection: container not found (\"\(container)\")")
        }
        return (process, shim, running)
    }

    /// A connection to a port of the pod.
    ///
    /// - Throws: `PosixError`, `Status` where the pod does not run.
    func connect(to port: Int) async throws -> PodStream {
        guard let address, machines.all.contains(where: { $0.executedAt != nil }) else {
            throw Status.internalError("the pod is not running")
        }
        return try await PodStream.connect(to: address, port: port, loop: services.loop)
    }
}
