import KubeController
import Synchronization

/// A token that is good for some time, and got anew before that is over.
final class BorrowedToken: Sendable {
    struct Token: Sendable, Hashable {
        var text: String
        var lifetime: Duration
    }

    /// A token is not used in its last minute.
    private static let margin: Duration = .seconds(60)

    private let time: any TimeSource
    private let borrow: @Sendable () async throws -> Token
    private let held = Mutex<(text: String, end: Duration)?>(nil)

    init(time: any TimeSource, borrow: @escaping @Sendable () async throws -> Token) {
        self.time = time
        self.borrow = borrow
    }

    func text() async throws -> String {
        if let held = held.withLock({ $0 }), held.end > time.now { return held.text }
        let token = try await borrow()
        let end = time.now + max(token.lifetime - Self.margin, .seconds(1))
        held.withLock { $0 = (token.text, end) }
        return token.text
    }

    /// The server does not take it any more.
    func forget() { held.withLock { $0 = nil } }
}
