import Synchronization

/// The token that a client sends with each request: a fixed one, or what a file says, read again every minute, since
/// the tokens of ServiceAccounts are replaced while they are in use (client-go's `fileTokenSource`).
final class BearerToken: Sendable {
    private struct State {
        var token: String?
        var readAt: Duration?
    }

    private static let lifetime = Duration.seconds(60)

    private let file: String?
    private let read: @Sendable (String) -> [UInt8]?
    private let now: @Sendable () -> Duration
    private let state: Mutex<State>

    /// - Parameters:
    ///   - token: what counts until the file was read, or where there is none.
    ///   - read: the content of a file; `nil` where it cannot be read, which keeps the token that there was.
    ///   - now: since some fixed moment.
    init(
        _ token: String?, file: String?, read: @escaping @Sendable (String) -> [UInt8]?,
        now: @escaping @Sendable () -> Duration
    ) {
        self.file = file
        self.read = read
        self.now = now
        state = Mutex(State(token: token))
    }

    convenience init(_ connection: KubeConnection) {
        let start = ContinuousClock.now
        self.init(
            connection.token, file: connection.tokenFile, read: { try? KubeconfigFile.bytes($0) },
            now: { ContinuousClock.now - start })
    }

    /// `nil` where the client has none.
    var current: String? {
        state.withLock { state in
            guard let file else { return state.token }
            let now = now()
            if let readAt = state.readAt, now < readAt + Self.lifetime { return state.token }
            state.readAt = now
            if let token = read(file).map(Self.token), !token.isEmpty { state.token = token }
            return state.token
        }
    }

    /// What a token file says, without the line break at its end.
    static func token(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self).filter { !$0.isWhitespace } }
}
