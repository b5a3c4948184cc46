import JSONModel
import JSONWebToken

/// The keys of issuers, fetched when they are first needed, again when they are old, and at once (but not too often)
/// when a token names a key that is not among them: so a rotation of keys is noticed.
actor WebKeyStore {
    private struct Entry {
        var keys: WebKeySet
        var fetched: Double
    }

    private let sources: any CredentialSources
    private var entries: [String: Entry] = [:]
    private typealias Waiter = CheckedContinuation<WebKeySet, any Error>
    /// Those who wait for a fetch that is under way.
    private var waiting: [String: [Int: Waiter]] = [:]
    private var nextWaiter = 0
    private var attempts: [String: Double] = [:]

    init(_ sources: any CredentialSources) { self.sources = sources }

    /// Seconds between two attempts that unknown keys or failures cause.
    private static let patience = 5.0
    private static let limit = 1_000

    /// Whether the issuer signed a token.
    ///
    /// - Parameters:
    ///   - issuer: whose discovery document names the keys' address; or else `keys` is that address.
    ///   - refresh: seconds after which keys are fetched anew; 0: never by themselves.
    ///   - now: seconds since 1970.
    /// - Throws: where the keys cannot be had.
    func verify(_ token: WebToken, issuer: String?, keys: String?, refresh: Int, now: Double) async throws -> Bool {
        let first = try await self.keys(issuer: issuer, keys: keys, refresh: refresh, isSuspect: false, now: now)
        if (try? first.verify(token)) != nil { return true }
        let second = try await self.keys(issuer: issuer, keys: keys, refresh: refresh, isSuspect: true, now: now)
        return (try? second.verify(token)) != nil
    }

    /// - Parameter isSuspect: the ones that are known did not do.
    private func keys(issuer: String?, keys: String?, refresh: Int, isSuspect: Bool, now: Double) async throws
        -> WebKeySet
    {
        let name = issuer ?? keys ?? ""
        if let entry = entries[name] {
            let isOld = refresh > 0 && now - entry.fetched >= Double(refresh)
            guard isOld || isSuspect, now - (attempts[name] ?? 0) >= Self.patience else { return entry.keys }
        } else if let attempt = attempts[name], waiting[name] == nil, now - attempt < 1 {
            throw SourceFailure("the keys of \(name) could not be fetched a moment ago")
        }
        return try await fetch(name, issuer: issuer, keys: keys, now: now)
    }

    /// Waits for the keys; who gives up is let go, and the fetch goes on for the others.
    private func fetch(_ name: String, issuer: String?, keys: String?, now: Double) async throws -> WebKeySet {
        if waiting[name] == nil {
            attempts[name] = now
            waiting[name] = [:]
            let sources = sources
            // A task of its own: it is fetched for all who wait. The source bounds its time.
            Task {
                let result: Result<WebKeySet, any Error>
                do { result = .success(try await Self.fetch(sources, issuer: issuer, keys: keys)) } catch {
                    result = .failure(error)
                }
                self.finish(name, result, now)
            }
        }
        nextWaiter += 1
        let id = nextWaiter
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { wait(name, id, $0) }
        } onCancel: {
            // A task of its own: what is told of a cancellation cannot wait for the actor.
            Task { await self.giveUp(name, id) }
        }
    }

    private func wait(_ name: String, _ id: Int, _ waiter: Waiter) {
        guard !Task.isCancelled, waiting[name] != nil else {
            waiter.resume(throwing: CancellationError())
            return
        }
        waiting[name]?[id] = waiter
    }

    private func giveUp(_ name: String, _ id: Int) {
        waiting[name]?.removeValue(forKey: id)?.resume(throwing: CancellationError())
    }

    private func finish(_ name: String, _ result: Result<WebKeySet, any Error>, _ now: Double) {
        if case .success(let fetched) = result {
            if entries.count >= Self.limit { entries.removeAll() }
            entries[name] = Entry(keys: fetched, fetched: now)
        }
        for waiter in (waiting.removeValue(forKey: name) ?? [:]).values { waiter.resume(with: result) }
    }

    private static func fetch(_ sources: any CredentialSources, issuer: String?, keys: String?) async throws
        -> WebKeySet
    {
        var address = keys ?? ""
        if let issuer {
            let base = issuer.hasSuffix("/") ? String(issuer.dropLast()) : issuer
            let document = try await sources.document(base + "/.well-known/openid-configuration")
            guard document["issuer"]?.stringValue == issuer else {
                throw SourceFailure("the discovery document of \(issuer) is of another issuer")
            }
            guard let found = document["jwks_uri"]?.stringValue else {
                throw SourceFailure("the discovery document of \(issuer) names no keys")
            }
            address = found
        }
        let set = WebKeySet(try await sources.document(address))
        guard !set.keys.isEmpty else { throw SourceFailure("\(address) has no keys that are known here") }
        return set
    }
}
