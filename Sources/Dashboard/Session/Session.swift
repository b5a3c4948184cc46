import Crypto
import KubeAccess
import Synchronization

/// Someone who logged in, for as long as the cookie says so.
struct Session: Sendable {
    /// What the cookie holds: 256 bits of the system's randomness.
    let id: String
    let identity: Identity
    /// The token that proved who it is; checked again at each request, so that a revoked one ends the session. `nil`
    /// where something else proved it.
    let token: String?
    /// What each form has to send back: pages of others cannot read it.
    let csrf: String
    /// Seconds since 1970.
    var expires: Int64
}

/// The sessions that there are, in memory: a restart ends them all.
final class Sessions: Sendable {
    /// How long a session lasts after its last request, in seconds.
    static let lifetime: Int64 = 12 * 3_600
    static let cookie = "martlet-session"
    private static let limit = 1_000

    private let sessions = Mutex<[String: Session]>([:])

    func begin(_ identity: Identity, token: String?, now: Int64) -> Session {
        let session = Session(
            id: Self.random(), identity: identity, token: token, csrf: Self.random(), expires: now + Self.lifetime)
        sessions.withLock { sessions in
            sessions = sessions.filter { $0.value.expires > now }
            if sessions.count >= Self.limit, let oldest = sessions.min(by: { $0.value.expires < $1.value.expires }) {
                sessions[oldest.key] = nil
            }
            sessions[session.id] = session
        }
        return session
    }

    /// The session of a cookie, which lasts on by being used; `nil` where it has ended.
    func session(_ id: String, now: Int64) -> Session? {
        sessions.withLock { sessions in
            guard var session = sessions[id] else { return nil }
            guard session.expires > now else {
                sessions[id] = nil
                return nil
            }
            session.expires = now + Self.lifetime
            sessions[id] = session
            return session
        }
    }

    func end(_ id: String) { sessions.withLock { _ = $0.removeValue(forKey: id) } }

    static func setCookie(_ session: Session) -> String {
        "\(cookie)=\(session.id); Path=/; HttpOnly; SameSite=Strict; Max-Age=\(lifetime)"
    }

    static let clearCookie = "\(cookie)=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0"

    static func random() -> String {
        SymmetricKey(size: .bits256).withUnsafeBytes { bytes in
            bytes.map { byte in [byte >> 4, byte & 15].map { String($0, radix: 16) }.joined() }.joined()
        }
    }
}
