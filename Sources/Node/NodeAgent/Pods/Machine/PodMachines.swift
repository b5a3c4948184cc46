/// The machines of a pod's containers, and what holds for the pod as a whole. Pure.
///
/// Init containers run one after another, each to its success; then the others start, all at once. The model is fetched
/// once for all, requests are drained once, and the pod is removed when nothing of any container is left.
struct PodMachines: Sendable {
    /// What one container's machine wants done.
    struct Step: Sendable, Hashable {
        var container: Int
        var action: PodAction
    }

    private(set) var all: [PodMachine]
    /// So many of them, from the first, are init containers.
    let initCount: Int
    /// What is done once for the pod, and was.
    private var done: Set<PodAction> = []

    init(_ all: [PodMachine], initCount: Int = 0) {
        self.all = all
        self.initCount = initCount
        for index in all.indices where index > 0 && initCount > 0 { self.all[index].isReleased = false }
    }

    subscript(container: Int) -> PodMachine { all[container] }
    var initial: ArraySlice<PodMachine> { all.prefix(initCount) }
    var lasting: ArraySlice<PodMachine> { all.dropFirst(initCount) }

    /// How far the pod's model is; `nil` for a pod without one.
    var model: PodMachine.Preparation? { all[0].model }
    var address: Address? { all.lazy.compactMap(\.address).first }
    var confinementProblem: String? { all.lazy.compactMap(\.confinementProblem).first }
    var lacks: [String] { Array(Set(all.flatMap(\.lacks))).sorted() }
    var isReady: Bool { lasting.allSatisfy(\.isReady) }
    var isInitialized: Bool { initial.allSatisfy { $0.state == .finished(.succeeded) } }
    /// An init container failed for good: the others never start.
    var hasFailedAtStart: Bool { initial.contains { $0.state == .finished(.failed) } }

    /// On its way to being ready, with nothing to say of it that would not be overtaken soon.
    var isPassing: Bool {
        !isReady && all.allSatisfy { $0.isPassing || $0.isReady || $0.state == .finished(.succeeded) }
    }

    /// Of the container that was ready last.
    var stages: PodMachine.Stages? {
        let known = lasting.compactMap(\.stages)
        return known.count == lasting.count ? known.max { $0.total < $1.total } : nil
    }

    /// Takes an event of one container, or of the whole pod; the steps are to be performed in order.
    mutating func handle(_ event: PodEvent, of container: Int? = nil, at now: Moment) -> [Step] {
        var steps: [Step] = []
        for index in container.map({ $0..<$0 + 1 }) ?? all.indices {
            steps += all[index].handle(event, at: now).map { Step(container: index, action: $0) }
        }
        if case .model = event { steps.removeAll { $0.container > 0 && $0.action.isTold } }
        return (steps + released(now)).filter { isWanted($0) }
    }

    /// The next container after an init container that succeeded; after the last of them all others.
    private mutating func released(_ now: Moment) -> [Step] {
        guard initCount > 0 else { return [] }
        var steps: [Step] = []
        let succeeded = initial.prefix { $0.state == .finished(.succeeded) }.count
        for index in succeeded < initCount ? succeeded..<succeeded + 1 : initCount..<all.count
        where !all[index].isReleased {
            steps += all[index].handle(.release, at: now).map { Step(container: index, action: $0) }
        }
        return steps
    }

    /// What is done for the pod is done once.
    private mutating func isWanted(_ step: Step) -> Bool {
        switch step.action {
        case .fetchModel, .timer(.model, _): step.container == 0
        case .remove, .clean: all.allSatisfy(\.isFinished) && done.insert(step.action).inserted
        case .drain: done.insert(step.action).inserted
        default: true
        }
    }
}

extension PodAction {
    fileprivate var isTold: Bool { if case .tell = self { true } else { false } }
}

extension PodMachine.Stages {
    fileprivate var total: Duration { spawn + load + probe }
}
