package import KubeModel
import Synchronization

/// An API key for models, as it is known without being known: by its digest.
package final class ModelKey: Sendable {
    package struct Scope: Sendable, Hashable {
        /// `nil`: all.
        package var namespaces: Set<String>?
        /// Names of InferenceServices; `nil`: all.
        package var services: Set<String>?
        package var verbs: Set<KeyVerb>
        /// `nil`: all.
        package var models: [ModelName]?

        package init(
            namespaces: Set<String>?, services: Set<String>? = nil, verbs: Set<KeyVerb> = [.infer, .list],
            models: [ModelName]? = nil
        ) {
            self.namespaces = namespaces
            self.services = services
            self.verbs = verbs
            self.models = models
        }

        func covers(_ service: ObjectKey) -> Bool {
            namespaces?.contains(service.namespace ?? "") ?? true && services?.contains(service.name) ?? true
        }
    }

    /// Of its Secret.
    package let name: ObjectKey
    package let uid: String
    package let digest: TokenDigest
    package let scope: Scope
    /// Seconds since 1970; `nil` for a key that does not end by itself.
    package let end: Double?
    package let cutsStreams: Bool
    package let budget: KeyBudget
    /// What a request with it carries on. There is no key in it, so that each request only counts a reference.
    package let grant: Grant
    private let used: Atomic<UInt64>

    package init(
        name: ObjectKey, uid: String = "", digest: TokenDigest, scope: Scope, end: Double? = nil, owner: String? = nil,
        cutsStreams: Bool = false, limits: KeyLimits = KeyLimits(), after earlier: ModelKey? = nil
    ) {
        self.name = name
        self.uid = uid
        self.digest = digest
        self.scope = scope
        self.end = end
        self.cutsStreams = cutsStreams
        budget = KeyBudget(limits, after: earlier?.budget)
        used = Atomic((earlier?.lastUsed ?? 0).bitPattern)
        grant = Grant(user: owner ?? "key:\(name)")
    }

    /// Seconds since 1970; 0: never.
    package var lastUsed: Double { Double(bitPattern: used.load(ordering: .relaxed)) }

    package func noteUse(at now: Double) { used.store(now.bitPattern, ordering: .relaxed) }
}

/// What has changed of the keys.
package enum KeyChange: Sendable {
    case set(ModelKey)
    case removed(ModelKey)
}

/// The keys, as one event loop has them. Finding one takes as long with a hundred thousand as with ten.
struct KeyRing {
    private var keys: [TokenDigest: ModelKey] = [:]

    mutating func apply(_ change: KeyChange) {
        switch change {
        case .set(let key): keys[key.digest] = key
        case .removed(let key): if keys[key.digest]?.name == key.name { keys[key.digest] = nil }
        }
    }

    subscript(digest: TokenDigest) -> ModelKey? { keys[digest] }
}
