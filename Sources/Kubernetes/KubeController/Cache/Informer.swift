package import KubeClient
package import KubeModel
package import Logging
import Synchronization

/// Keeps a store up to date with a resource, and tells subscribers of each change: a reflector (list, then watch)
/// with its store. One is shared by all who need the resource.
package final class Informer: Sendable {
    package typealias Handler = @Sendable (Change) -> Void

    package let resource: Resource
    package let store: Store
    private let client: any ResourceClient
    private let selector: LabelSelector
    private let namespace: String?
    private let time: any TimeSource
    private let random: Randomness
    private let logger: Logger
    private let handlers = Mutex<[Handler]>([])
    private let synced = Gate()

    /// - Parameters:
    ///   - selector: only objects with these labels.
    ///   - namespace: `nil` for all namespaces, or for cluster-scoped resources.
    ///   - indices: what the store can be asked by, beside namespace and owner.
    package init(
        _ resource: Resource, client: any ResourceClient, selector: LabelSelector = .everything,
        namespace: String? = nil, indices: [StoreIndex] = [], time: any TimeSource = SystemTime(),
        random: @escaping Randomness = systemRandomness, logger: Logger
    ) {
        self.resource = resource
        self.client = client
        self.selector = selector
        self.time = time
        self.random = random
        self.logger = logger
        self.namespace = namespace
        store = Store(indices: indices)
    }

    /// Calls `handler` for each change, after the store has taken it. It must be quick; calls may overlap, so it
    /// should look at the store and not at the order of calls. To be called before `run()`.
    package func subscribe(_ handler: @escaping Handler) { handlers.withLock { $0.append(handler) } }

    /// Takes the server's answer to a write at once, so that the next look at the store sees it, event or not.
    package func take(written object: Object) {
        if let change = store.takeWritten(object) { tell(change) }
    }

    /// Returns when the store was filled for the first time, or when the task is cancelled.
    package func waitUntilSynced() async { await synced.wait() }

    /// Lists and watches until cancelled.
    package func run() async {
        var state = ReflectorState()
        while !Task.isCancelled {
            let wait = await advance(&state)
            if wait > .zero { try? await time.sleep(for: wait) }
        }
    }

    /// - Returns: how long to wait before the next step.
    private func advance(_ state: inout ReflectorState) async -> Duration {
        do {
            switch state.step {
            case .list:
                try await list(&state)
                return .zero
            case .watch(let version):
                return try await watch(from: version, &state)
            }
        } catch is CancellationError {
            return .zero
        } catch {
            let wait = state.failed(error, random: random())
            logger.warning(
                "Following a resource failed; will go on",
                metadata: ["resource": "\(resource)", "error": "\(error)", "retryAfter": "\(wait)"])
            return wait
        }
    }

    private func list(_ state: inout ReflectorState) async throws {
        var options = ListOptions(labelSelector: selector)
        var list = try await client.list(resource, namespace: namespace, options)
        while !list.continueToken.isEmpty {
            options.continueToken = list.continueToken
            let page = try await client.list(resource, namespace: namespace, options)
            list.items += page.items
            list.continueToken = page.continueToken
        }
        store.replace(with: list).forEach(tell)
        state.listed(list.resourceVersion)
        synced.open()
    }

    private func watch(from version: String, _ state: inout ReflectorState) async throws -> Duration {
        let start = time.now
        var sawEvents = false
        let options = WatchOptions(resourceVersion: version, labelSelector: selector, allowsBookmarks: true)
        for try await event in try await client.watch(resource, namespace: namespace, options) {
            state.received(event)
            sawEvents = true
            if let change = store.take(event) { tell(change) }
        }
        try Task.checkCancellation()
        return state.ended(after: time.now - start, sawEvents: sawEvents, random: random())
    }

    private func tell(_ change: Change) {
        for handler in handlers.withLock({ $0 }) { handler(change) }
    }
}
