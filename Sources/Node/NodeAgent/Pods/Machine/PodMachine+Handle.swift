import KubeController

extension PodMachine {
    /// Takes an event; the actions are to be performed in order. News of an earlier start changes nothing.
    mutating func handle(_ event: PodEvent, at now: Moment) -> [PodAction] {
        if let launch = event.launch, launch != self.launch { return [] }
        switch event {
        case .begin: return begin(now)
        case .adopt(let adoption): return adopt(adoption, now)
        case .pass: return pass()
        case .image(let news): return imagePrepared(news, now)
        case .model(let news): return modelPrepared(news, now)
        case .release: return release(now)
        case .launched(_, let address): return launched(address)
        case .launchFailed(_, let problem): return launchFailed(problem)
        case .report(_, let report): return reported(report, now)
        case .gone(_, let shimSignal, let lines, let isOutOfMemory):
            return gone(shimSignal, lines, isOutOfMemory: isOutOfMemory, now)
        case .ready(_, let lastFailure): return ready(lastFailure, now)
        case .unready(_, let message): return unready(message)
        case .unhealthy(_, let message): return unhealthy(message, now)
        case .drained: return drainOver(now)
        case .timeUp(let timer): return timeUp(timer, now)
        case .delete(let grace): return stop(.removal, grace, now)
        case .vanish: return stop(.vanished, .zero, now)
        case .shutdown(let grace): return stop(.shutdown, grace, now)
        case .letGo: return []
        }
    }

    private mutating func timeUp(_ timer: PodTimer, _ now: Moment) -> [PodAction] {
        switch (timer, state) {
        // What failed stays said until there is news of the next try.
        case (.image, _) where image != .done && !isFinished: return [.pullImage]
        case (.model, _) where model != .done && !isFinished: return [.fetchModel]
        case (.restart, .waiting): return restart(now)
        case (.stop(.draining), .stopping(let stopping)) where stopping.phase == .draining:
            return [.cut] + drainOver(now)
        case (.stop(let phase), .stopping(let stopping)) where phase == stopping.phase: return stopHarder(stopping)
        default: return []
        }
    }
}

// Preparing.
extension PodMachine {
    private mutating func begin(_ now: Moment) -> [PodAction] {
        guard !isFinished else { return [] }
        if state == .preparing { decidedAt = now.uptime }
        return model == nil ? [.pullImage] : [.pullImage, .fetchModel]
    }

    private mutating func imagePrepared(_ news: Preparation, _ now: Moment) -> [PodAction] {
        guard !isFinished, image != .done else { return [] }
        let isFirstNews = image == .working(nil)
        image = news
        switch news {
        case .working where isFirstNews && state == .preparing:
            return [.tell(isWarning: false, reason: "Pulling", message: "Installing what the image is on this machine")]
        case .working: return []
        case .done: return prepared(isFirstNews, now)
        case .failed(let message):
            imageFailures += 1
            return retry(.image, imageFailures, "Failed to pull image: \(message)")
        }
    }

    private mutating func modelPrepared(_ news: Preparation, _ now: Moment) -> [PodAction] {
        guard !isFinished, let model, model != .done else { return [] }
        let isFirstNews = model == .working(nil)
        self.model = news
        switch news {
        case .working: return []
        case .done: return prepared(isFirstNews, now)
        case .failed(let message):
            modelFailures += 1
            return retry(.model, modelFailures, "Failed to fetch the model: \(message)")
        }
    }

    private func retry(_ timer: PodTimer, _ failures: Int, _ message: String) -> [PodAction] {
        [
            .tell(isWarning: true, reason: "Failed", message: message),
            .timer(timer, rules.preparations.delay(afterFailures: failures, random: 0)),
        ]
    }

    /// - Parameter wasHere: nothing had to be fetched, so that the start was decided when the pod was seen.
    private mutating func prepared(_ wasHere: Bool, _ now: Moment) -> [PodAction] {
        guard state == .preparing else { return [] }
        if !wasHere { decidedAt = now.uptime }
        guard isReleased, image == .done, model == nil || model == .done else { return [] }
        return start()
    }

    private mutating func release(_ now: Moment) -> [PodAction] {
        isReleased = true
        return state == .preparing ? prepared(false, now) : []
    }
}

// Starting.
extension PodMachine {
    mutating func restart(_ now: Moment) -> [PodAction] {
        // A start that never came to a process is not counted.
        if executedAt != nil || startFailure != nil { restartCount += 1 }
        decidedAt = now.uptime
        // One that was adopted may end before its image is known again.
        guard image == .done, model == nil || model == .done else {
            state = .preparing
            return []
        }
        return start()
    }

    mutating func start() -> [PodAction] {
        launch += 1
        state = .starting
        (ending, startFailure, executedAt, startedAt, stopMessage) = (nil, nil, nil, nil, nil)
        (hasBeenReady, ranOutOfMemory) = (false, false)
        return [.start(launch: launch, isConfined: isConfined)]
    }

    private mutating func launched(_ address: Address) -> [PodAction] {
        self.address = address
        return []
    }

    private mutating func launchFailed(_ problem: LaunchProblem) -> [PodAction] {
        address = nil
        guard state == .starting else { return [] }
        launchFailures += 1
        state = .waiting(Waiting(reason: problem.reason, message: problem.description))
        return [
            .tell(isWarning: true, reason: "Failed", message: "Error: \(problem)"),
            .timer(.restart, rules.preparations.delay(afterFailures: launchFailures, random: 0)),
        ]
    }

    private mutating func reported(_ report: ProcessReport, _ now: Moment) -> [PodAction] {
        switch report {
        case .failed(let step, let error): startFailure = StartFailure(step: step, error: error)
        case .ended(let ending): self.ending = ending
        case .outOfMemory: ranOutOfMemory = true
        case .without(let part, let error):
            let lack = "\(part) (\(PosixError.message(error)))"
            guard !lacks.contains(lack) else { return [] }
            lacks.append(lack)
            return [
                .tell(
                    isWarning: true, reason: "NotConfined",
                    message: "this machine refuses a part of the sandbox: \(lack)")
            ]
        case .started:
            launchFailures = 0
            executedAt = now.uptime
            startedAt = now.calendar
            guard state == .starting else { return [] }
            state = .up(isReady: false)
            let told = PodAction.tell(isWarning: false, reason: "Started", message: "Started container")
            return rules.isProbed ? [.probe(launch: launch), told] : ready(nil, now) + [told]
        }
        return []
    }

    mutating func ready(_ lastFailure: Duration?, _ now: Moment) -> [PodAction] {
        guard state == .up(isReady: false) else { return [] }
        state = .up(isReady: true)
        if !hasBeenReady { measure(lastFailure, now) }
        hasBeenReady = true
        return []
    }

    private mutating func measure(_ lastFailure: Duration?, _ now: Moment) {
        guard let executedAt else { return }
        let known = max(lastFailure ?? now.uptime, executedAt)
        stages = Stages(spawn: executedAt - decidedAt, load: known - executedAt, probe: now.uptime - known)
    }

    private mutating func unready(_ message: String) -> [PodAction] {
        guard state == .up(isReady: true) else { return [] }
        state = .up(isReady: false)
        return [.tell(isWarning: true, reason: "Unhealthy", message: "Readiness probe failed: \(message)")]
    }
}

extension PodEvent {
    /// The start that it is news of.
    fileprivate var launch: Int? {
        switch self {
        case .launched(let launch, _), .launchFailed(let launch, _), .report(let launch, _), .gone(let launch, _, _, _),
            .ready(let launch, _), .unready(let launch, _), .unhealthy(let launch, _):
            launch
        case .begin, .adopt, .pass, .image, .model, .release, .drained, .timeUp, .delete, .vanish, .shutdown, .letGo:
            nil
        }
    }
}
