import Autoscaling
import JSONModel
import KubeModel
import ServingControllers
import Synchronization

/// Every container of every pod that is asked about uses what the test says.
final class FakeUsage: PodUsageSource {
    private let usages = Mutex<[ObjectKey: [String: ContainerUsage]]>([:])

    func podUsages() async -> [ObjectKey: [String: ContainerUsage]] { usages.withLock { $0 } }

    func set(_ usage: ContainerUsage, of pods: [Object]) {
        usages.withLock { usages in
            usages = Dictionary(
                uniqueKeysWithValues: pods.map { pod in
                    let names = (pod["spec", "containers"]?.arrayValue ?? []).compactMap { $0["name"]?.stringValue }
                    return (pod.key, Dictionary(uniqueKeysWithValues: names.map { ($0, usage) }))
                })
        }
    }
}

/// Every engine says what the test says.
final class FakeEngines: EngineMetricsSource {
    private let sample = Mutex<EngineSample?>(nil)

    func read(_ address: EngineAddress) async -> EngineSample? { sample.withLock { $0 } }

    func set(_ sample: EngineSample?) { self.sample.withLock { $0 = sample } }
}
