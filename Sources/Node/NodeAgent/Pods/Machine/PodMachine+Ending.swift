import Glibc
import KubeController

// What becomes of a pod whose container ended.
extension PodMachine {
    /// Nothing of the process is left.
    mutating func gone(_ shimSignal: Int32?, _ lines: String, isOutOfMemory: Bool, _ now: Moment) -> [PodAction] {
        address = nil
        switch state {
        case .stopping(let stopping) where stopping.purpose != .restart: return finish(stopping.purpose)
        case .starting where startFailure?.step == .confine: return startUnconfined()
        case .starting, .up, .stopping: break
        case .preparing, .waiting, .finished: return []
        }
        let end = termination(shimSignal, lines, isOutOfMemory, now)
        termination = end
        if let executedAt, now.uptime - executedAt >= rules.stableAfter { crashes = 0 }
        guard isRestarted(end) else { return ended(end) }
        crashes += 1
        return [.stopProbing] + backOff(now)
    }

    /// The first restart is immediate, as the kubelet's.
    private mutating func backOff(_ now: Moment) -> [PodAction] {
        guard crashes > 1 else { return restart(now) }
        let delay = rules.restarts.delay(afterFailures: crashes - 1, random: 0)
        let message = "back-off \(delay.components.seconds)s restarting failed container"
        state = .waiting(Waiting(reason: "CrashLoopBackOff", message: message))
        return [.tell(isWarning: true, reason: "BackOff", message: message), .timer(.restart, delay)]
    }

    private func isRestarted(_ end: Termination) -> Bool {
        switch rules.restartPolicy {
        case .always: true
        case .onFailure: end.exitCode != 0
        case .never: false
        }
    }

    private mutating func ended(_ end: Termination) -> [PodAction] {
        state = .finished(end.exitCode == 0 ? .succeeded : .failed)
        return [.stopProbing]
    }

    /// The machine refuses the namespaces: the same start again without them, and a word about it.
    private mutating func startUnconfined() -> [PodAction] {
        let reason = PosixError.message(startFailure?.error ?? 0)
        let problem =
            "this machine refuses namespaces (\(reason)): the container sees the whole file system, and "
            + "/mnt/models in its command, arguments and variables is replaced by the model's real directory"
        isConfined = false
        confinementProblem = problem
        return [.tell(isWarning: true, reason: "NotConfined", message: problem)] + start()
    }

    private func termination(
        _ shimSignal: Int32?, _ lines: String, _ isOutOfMemory: Bool, _ now: Moment
    ) -> Termination {
        var end = Termination(
            exitCode: 0, reason: "Error", message: lines, startedAt: startedAt, finishedAt: now.calendar)
        if let startFailure {
            end.exitCode = 128
            end.reason = "StartError"
            end.message = message(startFailure.step, startFailure.error)
        } else if let ending {
            end.exitCode = ending.exitCode
            end.signal = ending.signal
            if ending == .exited(0) { end.reason = "Completed" }
            if !isStopping, ranOutOfMemory || (ending.signal == Int(SIGKILL) && isOutOfMemory) {
                end.reason = "OOMKilled"
            }
        } else {
            end.exitCode = 128 + Int(SIGKILL)
            end.message = (["martlet-shim was killed by signal \(shimSignal ?? 0)", lines]).joined(separator: "\n")
        }
        if let stopMessage { end.message = stopMessage + (lines.isEmpty ? "" : "\n\(lines)") }
        return end
    }

    private func message(_ step: ProcessReport.Step, _ error: Int32) -> String {
        let container = rules.path
        let reason = PosixError.message(error)
        return switch step {
        case .exec:
            "the command cannot be executed: \(reason); see \(container).command and the image's PATH"
                + (isConfined
                    ? "; of this machine only the system's folders are seen: mount others as hostPath volumes, or annotate "
                        + "the pod \(Confinement.annotation): \(Confinement.relaxed)" : "")
        case .user: "the user of \(container).securityContext cannot be had: \(reason)"
        case .directory: "the working directory cannot be entered: \(reason); see \(container).workingDir"
        case .bind:
            "the model or a volume cannot be mounted: \(reason); see \(container).volumeMounts: a mountPath must be "
                + "outside of the system's folders, or exist in them"
        default: "\(step.word): \(reason)"
        }
    }
}
