import Authorization
import JSONModel
import KubeClient
import KubeController
import KubeModel
import Logging
import ServingAPI
import Synchronization

/// Tells the gateway of the API keys that Secrets hold, and keeps what was used of them over restarts.
final class KeyDirectory: Sendable {
    private let informer: Informer
    private let client: any ResourceClient
    private let onChange: @Sendable (KeyChange) -> Void
    private let logger: Logger
    private let keys = Mutex<[ObjectKey: ModelKey]>([:])
    private let usage: KeyUsage

    /// - Parameter onChange: takes changes in their order.
    init(client: any ResourceClient, logger: Logger, onChange: @escaping @Sendable (KeyChange) -> Void) {
        self.client = client
        self.onChange = onChange
        self.logger = logger
        usage = KeyUsage(client: client, logger: logger)
        informer = Informer(
            .secrets, client: client, selector: LabelSelector(matching: [ModelKeySecret.label: "true"]), logger: logger)
        informer.subscribe { [weak self] change in self?.look(at: change.object.key) }
    }

    /// Runs until cancelled, and then writes down a last time what was used.
    func run() async {
        await usage.read()
        await withDiscardingTaskGroup { group in
            group.addTask { await self.informer.run() }
            while !Task.isCancelled {
                try? await Task.sleep(for: Self.interval)
                await self.usage.write(self.all)
            }
        }
    }

    /// What a kill takes away of the counts, at most.
    private static let interval = Duration.seconds(5)

    private var all: [ModelKey] { keys.withLock { Array($0.values) } }

    /// Calls may overlap: what the store has now is what counts.
    private func look(at name: ObjectKey) {
        keys.withLock { keys in
            let old = keys[name]
            let new = informer.store[name].flatMap { read($0, after: old) }
            if let old, old.digest != new?.digest { onChange(.removed(old)) }
            keys[name] = new
            if let new { onChange(.set(new)) }
        }
    }

    private func read(_ secret: Object, after old: ModelKey?) -> ModelKey? {
        do throws(ModelKeyProblem) {
            let key = try ModelKey(secret: secret, after: old?.uid == secret.uid ? old : nil)
            if old == nil { usage.restore(key) }
            return key
        } catch {
            logger.warning(
                "A Secret is no API key: its key lets nobody in",
                metadata: ["secret": "\(secret.key)", "problem": "\(error)"])
            return nil
        }
    }
}
