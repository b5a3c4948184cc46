import Glibc
import Testing

@testable import NodeAgent

/// Plays events against a machine, a second apart.
private struct Play {
    var machine: PodMachine
    var seconds = 0
    var told: [String] = []

    init(
        hasModel: Bool = false, policy: PodManifest.RestartPolicy = .always, isProbed: Bool = true,
        restartCount: Int = 0
    ) {
        machine = PodMachine(
            rules: .init(restartPolicy: policy, isProbed: isProbed), hasModel: hasModel, restartCount: restartCount)
    }

    /// The actions but for events, which are collected.
    mutating func callAsFunction(_ event: PodEvent, after seconds: Int = 1) -> [PodAction] {
        self.seconds += seconds
        let now = Moment(uptime: .seconds(self.seconds), calendar: Int64(self.seconds) * 1_000_000)
        return machine.handle(event, at: now).filter { action in
            guard case .tell(_, let reason, _) = action else { return true }
            told.append(reason)
            return false
        }
    }

    mutating func run(_ events: [PodEvent]) { for event in events { _ = self(event) } }

    mutating func becomeReady() {
        run([.begin, .image(.done), .report(launch: 1, .started), .ready(launch: 1, lastFailure: nil)])
    }

    /// The present start ends by itself.
    mutating func crash(_ ending: ProcessEnding = .exited(1), _ lines: String = "", after seconds: Int = 1)
        -> [PodAction]
    {
        let launch = machine.launch
        _ = self(.report(launch: launch, .started), after: seconds)
        _ = self(.report(launch: launch, .ended(ending)))
        return self(.gone(launch: launch, lines))
    }
}

extension PodEvent {
    fileprivate static func gone(launch: Int, _ lines: String = "", isOutOfMemory: Bool = false) -> PodEvent {
        .gone(launch: launch, shimSignal: nil, lastLines: lines, isOutOfMemory: isOutOfMemory)
    }
}

@Suite("The pod machine starts")
struct PodMachineStartTests {
    @Test("when image and model are here, whichever comes last", arguments: [true, false])
    func preparing(imageFirst: Bool) {
        var play = Play(hasModel: true)
        #expect(play(.begin) == [.pullImage, .fetchModel])
        #expect(play(imageFirst ? .image(.done) : .model(.done)) == [])
        #expect(play(imageFirst ? .model(.done) : .image(.done)) == [.start(launch: 1, isConfined: true)])
        #expect(play.machine.state == .starting)
    }

    @Test("and is ready once its probe says so, with the time of each stage")
    func ready() {
        var play = Play()
        #expect(play(.begin) == [.pullImage])
        #expect(play(.image(.done)) == [.start(launch: 1, isConfined: true)])
        #expect(play(.launched(launch: 1, Address(number: 1))) == [])
        #expect(play(.report(launch: 1, .started)) == [.probe(launch: 1)])
        #expect(!play.machine.isReady)
        #expect(play(.ready(launch: 1, lastFailure: .seconds(7)), after: 5) == [])
        #expect(play.machine.isReady)
        #expect(play.machine.stages == .init(spawn: .seconds(3), load: .seconds(3), probe: .seconds(2)))
        #expect(play.told == ["Started"])
    }

    @Test("and is ready at once where nothing is to be probed")
    func unprobed() {
        var play = Play(isProbed: false)
        play.run([.begin, .image(.done), .report(launch: 1, .started)])
        #expect(play.machine.isReady)
    }

    @Test("the time of an installation is not the start's")
    func installation() {
        var play = Play()
        play.run([.begin, .image(.working("1 of 2")), .image(.working("2 of 2")), .image(.done)])
        play.run([.report(launch: 1, .started), .ready(launch: 1, lastFailure: nil)])
        #expect(play.machine.stages?.spawn == .seconds(1))
        #expect(play.told == ["Pulling", "Started"])
    }

    @Test("what cannot be brought is tried again, ever more slowly")
    func retries() {
        var play = Play(hasModel: true)
        _ = play(.begin)
        for delay in [1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300] {
            #expect(play(.image(.failed("no"))) == [.timer(.image, .seconds(delay))])
            #expect(play.machine.image == .failed("no"))
            #expect(play(.timeUp(.image)) == [.pullImage])
        }
        #expect(play(.model(.failed("no"))) == [.timer(.model, .seconds(1))])
        #expect(play(.timeUp(.model)) == [.fetchModel])
        _ = play(.image(.done))
        #expect(play(.model(.done)) == [.start(launch: 1, isConfined: true)])
    }

    @Test("without namespaces where the machine refuses them, and says so")
    func unconfined() {
        var play = Play()
        play.run([.begin, .image(.done), .report(launch: 1, .failed(step: .confine, error: EPERM))])
        #expect(play(.gone(launch: 1)) == [.start(launch: 2, isConfined: false)])
        #expect(play.machine.confinementProblem?.contains("Operation not permitted") == true)
        #expect(play.machine.restartCount == 0 && play.told == ["NotConfined"])
    }

    @Test("a start that could not be tried is tried again, and not counted")
    func launchFailure() {
        var play = Play()
        play.run([.begin, .image(.done)])
        let problem = LaunchProblem.configuration("no such Secret")
        #expect(play(.launchFailed(launch: 1, problem)) == [.timer(.restart, .seconds(1))])
        #expect(play.machine.state == .waiting(.init(reason: "CreateContainerConfigError", message: "no such Secret")))
        #expect(play(.timeUp(.restart)) == [.start(launch: 2, isConfined: true)])
        #expect(play.machine.restartCount == 0)
    }
}

@Suite("The pod machine restarts")
struct PodMachineRestartTests {
    @Test("at once, then ever more slowly")
    func backOff() {
        var play = Play()
        play.run([.begin, .image(.done)])
        #expect(play.crash() == [.stopProbing, .start(launch: 2, isConfined: true)])
        for (index, delay) in [10, 20, 40, 80, 160, 300, 300].enumerated() {
            #expect(play.crash(.exited(3), "boom") == [.stopProbing, .timer(.restart, .seconds(delay))])
            let waiting = PodMachine.Waiting(
                reason: "CrashLoopBackOff", message: "back-off \(delay)s restarting failed container")
            #expect(play.machine.state == .waiting(waiting))
            #expect(play(.timeUp(.restart)) == [.start(launch: index + 3, isConfined: true)])
        }
        #expect(play.machine.restartCount == 8)
    }

    @Test("and forgets crashes after ten minutes without one")
    func stable() {
        var play = Play()
        play.run([.begin, .image(.done)])
        _ = play.crash()
        _ = play.crash()
        _ = play(.timeUp(.restart))
        _ = play(.report(launch: 3, .started))
        _ = play(.report(launch: 3, .ended(.exited(1))), after: 700)
        #expect(play(.gone(launch: 3)) == [.stopProbing, .start(launch: 4, isConfined: true)])
    }

    @Test(
        "and keeps how the last start ended",
        arguments: [
            (ProcessEnding.exited(3), false, "Error", 3), (.exited(0), false, "Completed", 0),
            (.killed(signal: 9), false, "Error", 137), (.killed(signal: 9), true, "OOMKilled", 137),
            (.killed(signal: 11), true, "Error", 139),
        ])
    func terminations(_ ending: ProcessEnding, _ isOutOfMemory: Bool, _ reason: String, _ code: Int) {
        var play = Play()
        play.run([.begin, .image(.done), .report(launch: 1, .started), .report(launch: 1, .ended(ending))])
        _ = play(.gone(launch: 1, "last words", isOutOfMemory: isOutOfMemory))
        let end = play.machine.termination
        #expect(end?.reason == reason && end?.exitCode == code && end?.message == "last words")
        #expect(end?.signal == ending.signal)
    }

    @Test("a command that cannot be executed is a crash that names the field")
    func startError() {
        var play = Play()
        play.run([.begin, .image(.done), .report(launch: 1, .failed(step: .exec, error: ENOENT))])
        #expect(play(.gone(launch: 1)) == [.stopProbing, .start(launch: 2, isConfined: true)])
        #expect(play.machine.termination?.reason == "StartError")
        #expect(play.machine.termination?.message.contains("spec.containers[0].command") == true)
    }

    @Test("a shim that was killed is said")
    func shimKilled() {
        var play = Play()
        play.becomeReady()
        _ = play(.gone(launch: 1, shimSignal: 9, lastLines: "", isOutOfMemory: false))
        #expect(play.machine.termination?.exitCode == 137)
        #expect(play.machine.termination?.message.contains("martlet-shim was killed by signal 9") == true)
    }

    @Test(
        "as the pod's policy has it",
        arguments: [
            (PodManifest.RestartPolicy.never, Int32(0), PodMachine.Finish?.some(.succeeded)), (.never, 1, .failed),
            (.onFailure, 0, .succeeded), (.onFailure, 1, nil), (.always, 0, nil),
        ])
    func policies(_ policy: PodManifest.RestartPolicy, _ code: Int32, _ finish: PodMachine.Finish?) {
        var play = Play(policy: policy)
        play.run([.begin, .image(.done)])
        _ = play.crash(.exited(code))
        #expect(play.machine.state == finish.map { .finished($0) } ?? .starting)
    }

    @Test("after a failed liveness probe: SIGTERM, SIGKILL, a new start")
    func liveness() {
        var play = Play()
        play.becomeReady()
        #expect(
            play(.unhealthy(launch: 1, "Liveness probe failed: hangs"))
                == [.stopProbing, .terminate, .timer(.stop(.terminating), .seconds(30))])
        #expect(play(.timeUp(.stop(.terminating))) == [.kill, .timer(.stop(.killing), .seconds(5))])
        #expect(play(.gone(launch: 1, "x")) == [.stopProbing, .start(launch: 2, isConfined: true)])
        #expect(play.machine.termination?.message == "Liveness probe failed: hangs\nx")
    }

    @Test("a pod that is unready stays, and comes back")
    func unready() {
        var play = Play()
        play.becomeReady()
        #expect(play(.unready(launch: 1, "503")) == [])
        #expect(play.machine.state == .up(isReady: false) && play.told.last == "Unhealthy")
        let stages = play.machine.stages
        _ = play(.ready(launch: 1, lastFailure: nil), after: 100)
        #expect(play.machine.isReady && play.machine.stages == stages)
    }

    @Test("late news of an earlier start changes nothing")
    func lateNews() {
        var play = Play()
        play.run([.begin, .image(.done)])
        _ = play.crash()
        let machine = play.machine
        for event: PodEvent in [
            .report(launch: 1, .started), .ready(launch: 1, lastFailure: nil), .unready(launch: 1, ""),
            .unhealthy(launch: 1, ""), .gone(launch: 1), .launchFailed(launch: 1, .machine("")),
            .launched(launch: 1, Address(number: 9)),
        ] {
            #expect(play(event) == [])
        }
        #expect(play.machine.state == machine.state && play.machine.address == machine.address)
    }
}

@Suite("The pod machine stops")
struct PodMachineStopTests {
    @Test("a pod that is deleted: drain, SIGTERM, and the object goes when nothing is left")
    func removal() {
        var play = Play()
        play.becomeReady()
        #expect(
            play(.delete(grace: .seconds(30))) == [.stopProbing, .drain, .timer(.stop(.draining), .seconds(30))])
        // The grace period is what is left of it.
        #expect(play(.drained, after: 10) == [.terminate, .timer(.stop(.terminating), .seconds(20))])
        #expect(play(.report(launch: 1, .ended(.killed(signal: 15)))) == [])
        #expect(play(.gone(launch: 1)) == [.stopProbing, .clean, .remove])
        #expect(play.machine.state == .finished(.removed))
    }

    @Test(
        "streams that outlast the grace period are cut first, then it has two seconds, then everything is killed, then the shim"
    )
    func stubborn() {
        var play = Play()
        play.becomeReady()
        _ = play(.delete(grace: .seconds(5)))
        #expect(
            play(.timeUp(.stop(.draining)), after: 5)
                == [.cut, .terminate, .timer(.stop(.terminating), .seconds(2))])
        #expect(play(.drained) == [])
        #expect(play(.timeUp(.stop(.draining))) == [])
        #expect(play(.timeUp(.stop(.terminating))) == [.kill, .timer(.stop(.killing), .seconds(5))])
        #expect(play(.timeUp(.stop(.killing))) == [.killShim, .timer(.stop(.killingShim), .seconds(5))])
        #expect(play(.gone(launch: 1)) == [.stopProbing, .clean, .remove])
    }

    @Test("where nothing runs there is nothing to wait for", arguments: [0, 1, 2])
    func idle(_ state: Int) {
        var play = Play()
        _ = play(.begin)
        if state > 0 { _ = play(.image(.done)) }
        if state > 0 { _ = play(.launchFailed(launch: 1, .machine("no"))) }
        if state > 1 { _ = play(.timeUp(.restart)) }
        if state > 1 { _ = play(.launchFailed(launch: 2, .machine("no"))) }
        #expect(play(.delete(grace: .seconds(30))) == [.stopProbing, .clean, .remove])
    }

    @Test("a deletion without grace kills at once, also while an earlier one is under way")
    func force() {
        var play = Play()
        play.becomeReady()
        #expect(play(.delete(grace: .zero)) == [.stopProbing, .kill, .timer(.stop(.killing), .seconds(5))])
        play = Play()
        play.becomeReady()
        _ = play(.delete(grace: .seconds(30)))
        #expect(play(.delete(grace: .seconds(20))) == [])
        #expect(play(.delete(grace: .zero)) == [.kill, .timer(.stop(.killing), .seconds(5))])
    }

    @Test("a pod whose object is gone is killed, and leaves nothing")
    func vanished() {
        var play = Play()
        play.becomeReady()
        #expect(play(.vanish) == [.stopProbing, .kill, .timer(.stop(.killing), .seconds(5))])
        #expect(play(.gone(launch: 1)) == [.stopProbing, .clean])
    }

    @Test("when Martlet stops there is no drain, and the object stays")
    func shutdown() {
        var play = Play()
        play.becomeReady()
        #expect(
            play(.shutdown(grace: .seconds(5)))
                == [.stopProbing, .terminate, .timer(.stop(.terminating), .seconds(5))])
        #expect(play(.gone(launch: 1)) == [.stopProbing])
        #expect(play.machine.state == .finished(.shutdown))
    }

    @Test("a deletion while a container is stopped to be restarted is not lost")
    func deletedWhileRestarting() {
        var play = Play()
        play.becomeReady()
        _ = play(.unhealthy(launch: 1, "hangs"))
        #expect(play(.delete(grace: .seconds(30))) == [])
        #expect(play(.gone(launch: 1)) == [.stopProbing, .clean, .remove])
    }

    @Test("a pod that ended by itself waits for its deletion")
    func ended() {
        var play = Play(policy: .never)
        play.run([.begin, .image(.done)])
        _ = play.crash(.exited(0))
        #expect(play(.shutdown(grace: .zero)) == [])
        #expect(play(.vanish) == [.stopProbing, .clean])
    }
}
