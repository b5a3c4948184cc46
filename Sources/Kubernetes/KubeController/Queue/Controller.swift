package import KubeModel
package import Logging

/// What a reconciler says when it has done its part without an error.
package enum Outcome: Sendable, Hashable {
    /// Nothing to do until something changes.
    case done
    /// Look again after so long, whatever changes.
    case lookAgain(after: Duration)
}

/// Reconciles the objects of one kind: informers' changes become keys, workers take them to the reconciler, failures
/// are tried again with back-off. One worker at a time has a key.
package final class Controller: Sendable {
    package typealias Reconcile = @Sendable (ObjectKey) async throws -> Outcome

    package let name: String
    package let queue: WorkQueue<ObjectKey>
    private let workers: Int
    private let logger: Logger
    private let reconcile: Reconcile

    package init(
        _ name: String, workers: Int = 2, time: any TimeSource = SystemTime(),
        random: @escaping Randomness = systemRandomness, logger: Logger, reconcile: @escaping Reconcile
    ) {
        self.name = name
        self.workers = workers
        self.logger = logger
        self.reconcile = reconcile
        queue = WorkQueue(time: time, random: random)
    }

    /// Reconciles whatever `keys` makes of the changes that `informer` sees. To be called before either runs.
    package func watch(_ informer: Informer, keys: @escaping @Sendable (Change) -> [ObjectKey]) {
        informer.subscribe { [queue] change in
            for key in keys(change) { queue.add(key) }
        }
    }

    /// Reconciles the objects of `informer` themselves.
    package func watch(_ informer: Informer) { watch(informer) { [$0.object.key] } }

    /// Reconciles the controlling owners of the objects of `informer` that are of `resource`'s kind.
    package func watchOwned(_ informer: Informer, by resource: Resource) {
        watch(informer) { change in
            guard let owner = change.object.controller, owner.kind == resource.kind,
                owner.apiVersion == resource.apiVersion
            else { return [] }
            return [ObjectKey(namespace: resource.isNamespaced ? change.object.namespace : nil, name: owner.name)]
        }
    }

    /// Works until `stop()` (finishing what is in hand) or cancellation.
    package func run() async {
        await withDiscardingTaskGroup { group in
            group.addTask { await self.queue.run() }
            for _ in 0..<workers { group.addTask { await self.work() } }
        }
    }

    package func stop() { queue.shutDown() }

    private func work() async {
        while let key = await queue.next() {
            await reconcileOnce(key)
            queue.finish(key)
        }
    }

    private func reconcileOnce(_ key: ObjectKey) async {
        do {
            let outcome = try await reconcile(key)
            queue.forget(key)
            if case .lookAgain(let delay) = outcome { queue.add(key, after: delay) }
        } catch is CancellationError {
            return
        } catch {
            report(error, key, retryAfter: queue.retry(key))
        }
    }

    /// A conflict is no failure, only a stale cache: the next look will see what came first.
    private func report(_ error: any Error, _ key: ObjectKey, retryAfter delay: Duration) {
        let isConflict = (error as? Status)?.isConflict ?? false
        logger.log(
            level: isConflict ? .debug : .error, "Reconciling failed; will try again",
            metadata: [
                "controller": "\(name)", "object": "\(key)", "error": "\(error)", "retryAfter": "\(delay)",
            ])
    }
}
