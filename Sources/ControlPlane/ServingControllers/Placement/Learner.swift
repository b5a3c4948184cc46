import JSONModel
import KubeController
import KubeModel
import ServingAPI
import Synchronization

/// Learns what starting a revision costs from its pods, and writes it on the revision when it moved by more than a
/// tenth; the same of the Deployments that serve models without revisions. What it holds in memory is the average to the digit; after a restart it goes on from what was written.
final class Learner: Sendable {
    private struct State: Sendable {
        var costs: [ObjectKey: LearnedCost] = [:]
        /// The starts that were counted, by pod.
        var counted: [String: String] = [:]
    }

    static let fieldManager = "martlet-learner"
    /// As often as usage is sampled.
    private static let interval: Duration = .seconds(15)
    /// A start is looked at after it is over, so that nothing is written while callers wait.
    private static let pause: Duration = .seconds(2)

    private let bench: Workbench
    private let resource: Resource
    private let machine: any ModelMachine
    private let state = Mutex(State())

    /// - Parameter resource: Revisions or Deployments.
    init(bench: Workbench, machine: any ModelMachine, of resource: Resource) {
        self.bench = bench
        self.resource = resource
        self.machine = machine
    }

    func reconcile(_ key: ObjectKey) async throws -> Outcome {
        guard let revision = bench.store(resource)[key] else {
            state.withLock { $0.costs[key] = nil }
            return .done
        }
        let pods = pods(of: revision).filter { $0.isReady && !$0.isBeingDeleted }
        guard !pods.isEmpty else { return .done }
        let now = Calendar(bench.time).seconds
        let isFresh = pods.contains { ($0.readySince ?? now) + Self.pause.components.seconds > now }
        guard !isFresh else { return .lookAgain(after: Self.pause) }
        var sizes: [Int] = []
        for pod in pods { if let bytes = await machine.memory(ofPod: pod.key) { sizes.append(bytes) } }
        let cost = learn(revision, pods, sizes)
        let annotations = Self.news(cost, revision.annotations)
        if !annotations.isEmpty {
            let fields: JSONValue = ["metadata": ["annotations": .object(annotations)]]
            try await bench.perform(
                Plan.Change(resource: resource, key: key, fields: fields), as: Self.fieldManager)
        }
        return .lookAgain(after: Self.interval)
    }

    private func pods(of owner: Object) -> [Object] {
        guard resource == .deployments else {
            return bench.store(.pods).labelled(ServingKeys.revision, owner.name).filter {
                $0.namespace == owner.namespace
            }
        }
        return bench.store(.replicaSets).owned(by: owner.uid).flatMap { bench.store(.pods).owned(by: $0.uid) }
    }

    private func learn(_ revision: Object, _ pods: [Object], _ sizes: [Int]) -> LearnedCost {
        state.withLock { state in
            var cost = state.costs[revision.key] ?? Self.written(revision.annotations)
            for pod in pods {
                guard let text = pod.annotations[ServingKeys.startStages], state.counted[pod.uid] != text else {
                    continue
                }
                state.counted[pod.uid] = text
                cost.took(seconds: Self.seconds(text))
            }
            if let size = sizes.max() { cost.had(bytes: Double(size)) }
            state.costs[revision.key] = cost
            return cost
        }
    }

    func forget(pod uid: String) { state.withLock { $0.counted[uid] = nil } }

    private static func written(_ annotations: [String: String]) -> LearnedCost {
        LearnedCost(
            loadSeconds: annotations[ServingKeys.loadSeconds].flatMap { Double($0) },
            memory: annotations[ServingKeys.memoryBytes].flatMap { Double($0) })
    }

    /// Of a start, from what the node notes of its stages.
    static func seconds(_ stages: String) -> Double {
        let milliseconds = (try? JSONValue(parsing: stages))?.objectValue?.reduce(0) {
            $0 + ($1.value.doubleValue ?? 0)
        }
        return (milliseconds ?? 0) / 1_000
    }

    static func news(_ cost: LearnedCost, _ annotations: [String: String]) -> JSONObject {
        let before = written(annotations)
        var news = JSONObject()
        if let seconds = cost.loadSeconds, LearnedCost.isNews(seconds, over: before.loadSeconds) {
            news[ServingKeys.loadSeconds] = .string("\((seconds * 1_000).rounded() / 1_000)")
        }
        if let bytes = cost.memory, LearnedCost.isNews(bytes, over: before.memory) {
            news[ServingKeys.memoryBytes] = .string("\(Int(bytes))")
        }
        return news
    }
}
