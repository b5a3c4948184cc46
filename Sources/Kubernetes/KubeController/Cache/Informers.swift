package import KubeClient
package import KubeModel
package import Logging
import Synchronization

/// One informer for each resource, shared by all controllers of a process.
package final class Informers: Sendable {
    private let client: any ResourceClient
    private let time: any TimeSource
    private let random: Randomness
    private let logger: Logger
    private let indices: [Resource: [StoreIndex]]
    private let informers = Mutex<[Resource: Informer]>([:])

    /// - Parameter indices: for each resource, what its store can be asked by, beside namespace and owner.
    package init(
        client: any ResourceClient, indices: [Resource: [StoreIndex]] = [:], time: any TimeSource = SystemTime(),
        random: @escaping Randomness = systemRandomness, logger: Logger
    ) {
        self.client = client
        self.indices = indices
        self.time = time
        self.random = random
        self.logger = logger
    }

    /// The informer of `resource`, made when it is first asked for: before `run()`.
    package func informer(_ resource: Resource) -> Informer {
        informers.withLock { informers in
            if let informer = informers[resource] { return informer }
            let informer = Informer(
                resource, client: client, indices: indices[resource] ?? [], time: time, random: random,
                logger: logger)
            informers[resource] = informer
            return informer
        }
    }

    package func store(_ resource: Resource) -> Store { informer(resource).store }

    /// Runs every informer that was asked for, until cancelled.
    package func run() async {
        let informers = informers.withLock { Array($0.values) }
        await withDiscardingTaskGroup { group in
            for informer in informers { group.addTask { await informer.run() } }
        }
    }

    /// Returns when every store was filled, or when the task is cancelled.
    package func waitUntilSynced() async {
        for informer in informers.withLock({ Array($0.values) }) { await informer.waitUntilSynced() }
    }
}
