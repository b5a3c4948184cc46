import KubeController

// Stopping what runs: no new requests and those that run end, for the grace period; what is left is cut; SIGTERM; then the
// whole group is killed. A model server is not signalled while streams are open: vLLM and llama.cpp hang then.
extension PodMachine {
    /// - Parameter grace: from now to the kill.
    mutating func stop(_ purpose: Stopping.Purpose, _ grace: Duration, _ now: Moment) -> [PodAction] {
        let deadline = now.uptime + grace
        switch state {
        case .finished: return finishAgain(purpose)
        case .preparing, .waiting: return finish(purpose)
        case .starting, .up:
            return stopRunning(Stopping(purpose: purpose, phase: .draining, deadline: deadline), now)
        case .stopping(var stopping):
            stopping.purpose = stopping.purpose == .vanished ? .vanished : purpose
            stopping.deadline = min(deadline, stopping.deadline)
            state = .stopping(stopping)
            return grace == .zero && stopping.phase != .killingShim ? kill(stopping) : []
        }
    }

    /// The object of a pod that ended by itself is deleted at last.
    private mutating func finishAgain(_ purpose: Stopping.Purpose) -> [PodAction] {
        switch purpose {
        case .removal, .vanished: return finish(purpose)
        case .shutdown, .restart: return []
        }
    }

    private mutating func stopRunning(_ stopping: Stopping, _ now: Moment) -> [PodAction] {
        state = .stopping(stopping)
        let told = PodAction.tell(isWarning: false, reason: "Killing", message: "Stopping container")
        switch stopping.purpose {
        case .vanished: return [.stopProbing] + kill(stopping)
        case _ where stopping.deadline <= now.uptime: return [.stopProbing, told] + kill(stopping)
        case .removal: return [.stopProbing, told, .drain, .timer(.stop(.draining), stopping.deadline - now.uptime)]
        case .shutdown, .restart: return [.stopProbing] + terminate(stopping, now)
        }
    }

    /// Nothing is under way to the pod any more, or there is no more time to wait for it.
    mutating func drainOver(_ now: Moment) -> [PodAction] {
        guard case .stopping(let stopping) = state, stopping.phase == .draining else { return [] }
        return terminate(stopping, now)
    }

    private mutating func terminate(_ stopping: Stopping, _ now: Moment) -> [PodAction] {
        var stopping = stopping
        stopping.phase = .terminating
        state = .stopping(stopping)
        let left = max(rules.leastTermination, stopping.deadline - now.uptime)
        return [.terminate, .timer(.stop(.terminating), left)]
    }

    mutating func stopHarder(_ stopping: Stopping) -> [PodAction] {
        switch stopping.phase {
        case .draining: return []
        case .terminating: return kill(stopping)
        case .killing, .killingShim:
            var stopping = stopping
            stopping.phase = .killingShim
            state = .stopping(stopping)
            return [
                .killShim,
                .tell(
                    isWarning: true, reason: "FailedKillPod",
                    message: "the container did not end within \(rules.killPatience) of being killed"),
                .timer(.stop(.killingShim), rules.killPatience),
            ]
        }
    }

    private mutating func kill(_ stopping: Stopping) -> [PodAction] {
        var stopping = stopping
        stopping.phase = .killing
        state = .stopping(stopping)
        return [.kill, .timer(.stop(.killing), rules.killPatience)]
    }

    /// A liveness or startup probe failed for good: stop, then start again.
    mutating func unhealthy(_ message: String, _ now: Moment) -> [PodAction] {
        guard case .up = state else { return [] }
        stopMessage = message
        let stopping = Stopping(purpose: .restart, phase: .terminating, deadline: now.uptime + rules.gracePeriod)
        return [.tell(isWarning: true, reason: "Unhealthy", message: message)] + stopRunning(stopping, now)
    }

    /// Nothing runs: the end.
    mutating func finish(_ purpose: Stopping.Purpose) -> [PodAction] {
        address = nil
        switch purpose {
        case .removal:
            state = .finished(.removed)
            return [.stopProbing, .clean, .remove]
        case .vanished:
            state = .finished(.removed)
            return [.stopProbing, .clean]
        case .shutdown, .restart:
            state = .finished(.shutdown)
            return [.stopProbing]
        }
    }
}
