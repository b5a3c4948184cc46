import Testing

@testable import NodeAgent

@Suite("The machines of a pod's containers")
struct PodMachinesTests {
    private static let address = Address(number: 127 << 24 | 1)

    private var machines: PodMachines
    private var clock = 0

    init() { machines = Self.machines(initCount: 0, lasting: 1) }

    private static func machines(
        initCount: Int, lasting: Int, hasModel: Bool = false, policy: PodManifest.RestartPolicy = .always
    ) -> PodMachines {
        let initial = (0..<initCount).map { _ in
            PodMachine(
                rules: .init(restartPolicy: policy == .always ? .onFailure : policy, isProbed: false),
                hasModel: hasModel)
        }
        let others = (0..<lasting).map { _ in PodMachine(rules: .init(restartPolicy: policy), hasModel: hasModel) }
        return PodMachines(initial + others, initCount: initCount)
    }

    /// Sends an event and gives what is to be done, without what is only told.
    private mutating func send(_ event: PodEvent, _ container: Int? = nil) -> [PodMachines.Step] {
        clock += 1
        let moment = Moment(uptime: .seconds(clock), calendar: Int64(clock) * 1_000_000)
        return machines.handle(event, of: container, at: moment).filter {
            if case .tell = $0.action { false } else { true }
        }
    }

    private func starts(_ steps: [PodMachines.Step]) -> [Int] {
        steps.compactMap { if case .start = $0.action { $0.container } else { nil } }
    }

    /// How often the pod's files or its object are to be removed.
    private func removals(_ steps: [PodMachines.Step]) -> Int {
        steps.count { $0.action == .remove || $0.action == .clean }
    }

    private mutating func ends(_ container: Int, _ code: Int32) -> [PodMachines.Step] {
        let launch = machines[container].launch
        _ = send(.launched(launch: launch, Self.address), container)
        _ = send(.report(launch: launch, .started), container)
        _ = send(.report(launch: launch, .ended(.exited(code))), container)
        return send(.gone(launch: launch, shimSignal: nil, lastLines: "", isOutOfMemory: false), container)
    }

    @Test("start together, each as soon as its image and the pod's one model are there")
    mutating func together() {
        machines = Self.machines(initCount: 0, lasting: 2, hasModel: true)
        let begun = send(.begin)
        #expect(begun.map(\.action) == [.pullImage, .fetchModel, .pullImage])
        #expect(send(.image(.done), 1) == [])
        #expect(starts(send(.model(.done))) == [1])
        #expect(starts(send(.image(.done), 0)) == [0])
    }

    @Test("fetch a model that failed once, not once for each of them")
    mutating func modelFailure() {
        machines = Self.machines(initCount: 0, lasting: 3, hasModel: true)
        _ = send(.begin)
        let steps = machines.handle(.model(.failed("404")), at: Moment(uptime: .zero, calendar: 0))
        #expect(steps.map(\.container) == [0, 0])
        #expect(send(.timeUp(.model), 0) == [.init(container: 0, action: .fetchModel)])
    }

    @Test("of init containers start one after another, and then all others")
    mutating func initOrder() {
        machines = Self.machines(initCount: 2, lasting: 2)
        _ = send(.begin)
        let prepared = (0..<4).map { starts(send(.image(.done), $0)) }
        #expect(prepared == [[0], [], [], []])
        #expect(!machines.isInitialized)
        #expect(starts(ends(0, 0)) == [1])
        #expect(starts(ends(1, 1)) == [1], "one that failed is tried again before what comes after it")
        #expect(starts(ends(1, 0)) == [2, 3])
        #expect(machines.isInitialized && machines[0].state == .finished(.succeeded))
    }

    @Test("never start where an init container failed that is not tried again")
    mutating func initFailure() {
        machines = Self.machines(initCount: 1, lasting: 1, policy: .never)
        _ = send(.begin)
        _ = send(.image(.done), 0)
        _ = send(.image(.done), 1)
        #expect(starts(ends(0, 3)) == [])
        #expect(machines.hasFailedAtStart && machines[1].state == .preparing)
        #expect(removals(send(.delete(grace: .seconds(5)))) == 2)
    }

    @Test("are ready when all are, and one that crashes is started alone")
    mutating func readiness() {
        machines = Self.machines(initCount: 0, lasting: 2)
        _ = send(.begin)
        for container in 0..<2 {
            #expect(!machines.isReady)
            _ = send(.image(.done), container)
            _ = send(.launched(launch: 1, Self.address), container)
            _ = send(.report(launch: 1, .started), container)
            _ = send(.ready(launch: 1, lastFailure: nil), container)
        }
        #expect(machines.isReady && machines.stages != nil)
        let steps = send(.gone(launch: 1, shimSignal: nil, lastLines: "", isOutOfMemory: false), 1)
        #expect(starts(steps) == [1])
        #expect(!machines.isReady && machines[0].isReady && machines.address == Self.address)
    }

    @Test("are drained once, and the pod is removed once, when nothing of any is left")
    mutating func removal() {
        machines = Self.machines(initCount: 0, lasting: 2)
        _ = send(.begin)
        for container in 0..<2 {
            _ = send(.image(.done), container)
            _ = send(.report(launch: 1, .started), container)
        }
        let steps = send(.delete(grace: .seconds(30)))
        #expect(steps.filter { $0.action == .drain }.count == 1)
        #expect(send(.drained).filter { $0.action == .terminate }.map(\.container) == [0, 1])
        let first = send(.gone(launch: 1, shimSignal: nil, lastLines: "", isOutOfMemory: false), 0)
        #expect(removals(first) == 0)
        let second = send(.gone(launch: 1, shimSignal: nil, lastLines: "", isOutOfMemory: false), 1)
        #expect(removals(second) == 2)
    }
}
