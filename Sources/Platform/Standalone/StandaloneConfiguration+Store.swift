import Logging
import ObjectStore

extension StandaloneConfiguration {
    /// How the store is opened: Secrets are sealed with the keys in the data directory.
    func store(_ logger: Logger) -> StoreConfiguration {
        var store = StoreConfiguration()
        store.keyFile = directory.encryptionKeys
        store.program = version
        store.onReadOnly = { failure in
            guard let failure else { return logger.notice("The store takes writes again") }
            logger.error("The store takes no writes", metadata: ["reason": "\(failure)"])
        }
        return store
    }
}
