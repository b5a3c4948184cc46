import Crypto
import KubeAccess
import KubeModel
import ObjectStore
import ServingAPI
import Synchronization

/// Tokens that were found to be good, under their SHA-256: a token itself is never kept.
final class TokenCache: Sendable {
    private static let limit = 4096

    private struct State {
        var tokens: [SHA256.Digest: VerifiedToken] = [:]
        var byObject: [ObjectName: Set<SHA256.Digest>] = [:]
        var generation = 0
    }

    private struct ObjectName: Hashable {
        var resource: GroupResource
        var key: ObjectKey

        init(resource: GroupResource, key: ObjectKey) {
            self.resource = resource
            self.key = key
        }

        init(_ object: TokenObject) { self.init(resource: GroupResource(object.resource), key: object.key) }
    }

    private let state = Mutex(State())
    /// Advances with every forgetting, for those who keep answers of their own.
    private let epoch: AccessEpoch

    init(epoch: AccessEpoch = AccessEpoch()) { self.epoch = epoch }

    /// Grows with every forgetting: what was found out before it may be outdated.
    var generation: Int { state.withLock { $0.generation } }

    var count: Int { state.withLock { $0.tokens.count } }

    func token(_ digest: SHA256.Digest, now: Int64) -> VerifiedToken? {
        state.withLock { state in
            guard let token = state.tokens[digest] else { return nil }
            if let end = token.expiration, Double(now) >= end {
                state.tokens[digest] = nil
                for object in token.objects { state.byObject[ObjectName(object)]?.remove(digest) }
                return nil
            }
            return token
        }
    }

    /// - Parameter generation: as it was before the token's objects were looked at.
    func keep(_ token: VerifiedToken, _ digest: SHA256.Digest, since generation: Int) {
        state.withLock { state in
            guard state.generation == generation else { return }
            if state.tokens.count >= Self.limit {
                state.tokens.removeAll()
                state.byObject.removeAll()
            }
            state.tokens[digest] = token
            for object in token.objects {
                state.byObject[ObjectName(object), default: []].insert(digest)
            }
        }
    }

    /// Follows the objects that tokens depend on. Pods change all the time: only their end matters.
    func follow(_ hub: ChangeHub) {
        for resource in [Resource.serviceAccounts, .secrets, .pods] {
            let isAnyChange = resource == .secrets
            _ = hub.observe(GroupResource(resource)) { [weak self] change in
                guard isAnyChange || change.kind == .deleted else { return }
                self?.forget(change.resource, change.object.key)
            }
        }
    }

    private func forget(_ resource: GroupResource, _ key: ObjectKey) {
        state.withLock { state in
            state.generation += 1
            for digest in state.byObject.removeValue(forKey: ObjectName(resource: resource, key: key)) ?? [] {
                state.tokens[digest] = nil
            }
        }
        epoch.advance()
    }
}
