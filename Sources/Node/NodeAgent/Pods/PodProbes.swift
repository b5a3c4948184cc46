import KubeController

/// Runs the probes of one start of a container, from its execution until cancelled.
struct PodProbes: Sendable {
    var container: ContainerManifest
    var address: Address
    var launch: Int
    /// It was found ready by an earlier run of Martlet.
    var isReady = false
    var prober: Prober
    var time: any TimeSource
    var onEvent: @Sendable (PodEvent) -> Void

    func run() async {
        let start = time.now
        if let startup = container.startup, !isReady {
            guard await becomesSuccess(startup) else { return }
        }
        await withDiscardingTaskGroup { group in
            if let liveness = container.liveness { group.addTask { await checkLiveness(liveness, start) } }
            group.addTask { await checkReadiness(start) }
        }
    }

    /// Until the first success; with so many failures as the manifest allows, each a period apart, the container is
    /// stopped.
    private func becomesSuccess(_ probe: Probe) async -> Bool {
        let start = time.now
        let patience = probe.initialDelay + (probe.period ?? ProbeSchedule.period) * probe.failureThreshold
        await pause(probe.initialDelay)
        while !Task.isCancelled {
            switch await prober.check(probe, address) {
            case .success: return true
            case .failure(let message):
                guard time.now - start < patience else {
                    onEvent(.unhealthy(launch: launch, "Startup probe failed: \(message)"))
                    return false
                }
            }
            await pause(probe.interval(starting: time.now - start))
        }
        return false
    }

    private func checkReadiness(_ start: Duration) async {
        guard let probe = container.readiness else { return onEvent(.ready(launch: launch, lastFailure: nil)) }
        var counter = ProbeCounter(probe, initially: isReady)
        var lastFailure: Duration?
        await pause(probe.initialDelay)
        while !Task.isCancelled {
            let checkedAt = time.now
            let outcome = await prober.check(probe, address)
            if Task.isCancelled { return }
            if !outcome.isSuccess { lastFailure = checkedAt }
            if counter.count(outcome.isSuccess) { tell(outcome, lastFailure) }
            await pause(
                counter.verdict
                    ? probe.period ?? ProbeSchedule.period : probe.interval(starting: time.now - start))
        }
    }

    private func tell(_ outcome: Prober.Outcome, _ lastFailure: Duration?) {
        switch outcome {
        case .success: onEvent(.ready(launch: launch, lastFailure: lastFailure))
        case .failure(let message): onEvent(.unready(launch: launch, message))
        }
    }

    private func checkLiveness(_ probe: Probe, _ start: Duration) async {
        var counter = ProbeCounter(probe, initially: true)
        await pause(probe.initialDelay)
        while !Task.isCancelled {
            let outcome = await prober.check(probe, address)
            if Task.isCancelled { return }
            if counter.count(outcome.isSuccess), case .failure(let message) = outcome {
                return onEvent(.unhealthy(launch: launch, "Liveness probe failed: \(message)"))
            }
            await pause(probe.period ?? ProbeSchedule.period)
        }
    }

    private func pause(_ duration: Duration) async {
        if duration > .zero { try? await time.sleep(for: duration) }
    }
}
