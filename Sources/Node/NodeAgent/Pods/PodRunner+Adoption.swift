import JSONModel
import KubeModel

// Going on with what an earlier run of Martlet started.
extension PodRunner {
    /// Takes over the shims that were found, and tells the machines of it; before anything else happens.
    func adopt(_ kept: [Int: KeptShim]) async {
        guard !kept.isEmpty else { return }
        for index in machines.all.indices where index < machines.initCount && kept[index] == nil {
            await handle(News(event: .pass, container: index))
        }
        for (index, shim) in kept.sorted(by: { $0.key < $1.key }) { await adopt(shim, index) }
    }

    private func adopt(_ kept: KeptShim, _ index: Int) async {
        let name = manifest.containers[index].name
        let status = (pod["status", "containerStatuses"]?.arrayValue ?? []).first { $0["name"]?.stringValue == name }
        let attempts = services.directories.attempts(pod: uid, container: name)
        var adoption = PodMachine.Adoption(
            restartCount: attempts.last ?? 0, address: nil, startedAt: kept.state.startedAt ?? startTime,
            isReady: false)
        if let shim = kept.shim {
            adoption.address = kept.launch.environment["POD_IP"].flatMap { Address($0) }
            adoption.isReady = status?["ready"]?.boolValue ?? false
            adoption.isConfined = kept.launch.isConfined
            if !adoption.isConfined {
                adoption.confinementProblem = pod.condition(PodStatus.confinedCondition)?.message
            }
            adoption.lacks = kept.state.entries.compactMap { entry in
                guard case .without(let part, let error) = entry.report else { return nil }
                return "\(part) (\(PosixError.message(error)))"
            }
            if let address = adoption.address, address != self.address { services.addresses.take(address) }
            self.address = adoption.address ?? self.address
            containers[index].process = follow(shim, index, kept.launch, adoption.restartCount)
        }
        await handle(News(event: .adopt(adoption), container: index))
        for entry in kept.state.entries {
            if case .ended = entry.report {
                await handle(News(event: .report(launch: 1, entry.report), container: index))
            }
        }
        if containers[index].process == nil {
            let gone = PodEvent.gone(launch: 1, shimSignal: nil, lastLines: "", isOutOfMemory: false)
            await handle(News(event: gone, container: index))
        }
    }

    private func follow(_ shim: Shim, _ index: Int, _ launch: ProcessLaunch, _ attempt: Int) -> ContainerProcess? {
        let stage = stage(index, 1, launch, attempt: attempt)
        stage.ending.take(.report(.started))
        return try? ContainerProcess.follow(
            shim, loop: services.loop, output: stage.output, onEvent: stage.onEvent)
    }
}
