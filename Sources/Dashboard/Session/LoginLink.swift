import Crypto
import FoundationEssentials
import Synchronization

/// A link that logs in once, on this machine: whoever can read the data directory can make one, and is the
/// administrator anyway.
package enum LoginLink {
    /// How long a link is good for, in seconds.
    package static let lifetime: Int64 = 300

    /// A key for links; one for each run of Martlet.
    package static func newKey() -> String { Sessions.random() }

    /// - Parameter now: seconds since 1970.
    package static func token(key: String, now: Int64) -> String {
        let text = "\(now + lifetime).\(Sessions.random().prefix(32))"
        return "\(text).\(mac(text, key))"
    }

    /// When the token ends, where it was signed with the key and has not ended yet.
    static func expiry(_ token: String, key: String, now: Int64) -> Int64? {
        let parts = token.split(separator: ".")
        guard parts.count == 3, let expires = Int64(parts[0]), expires > now, expires <= now + lifetime,
            isEqual(mac("\(parts[0]).\(parts[1])", key), String(parts[2]))
        else { return nil }
        return expires
    }

    private static func mac(_ text: String, _ key: String) -> String {
        let code = HMAC<SHA256>.authenticationCode(
            for: Data(text.utf8), using: SymmetricKey(data: Data(key.utf8)))
        return code.map { byte in [byte >> 4, byte & 15].map { String($0, radix: 16) }.joined() }.joined()
    }

    /// Takes the same time wherever the texts differ.
    static func isEqual(_ left: String, _ right: String) -> Bool {
        SHA256.hash(data: Data(left.utf8)) == SHA256.hash(data: Data(right.utf8))
    }
}

/// The links that were used: each logs in once.
final class UsedLinks: Sendable {
    private let used = Mutex<[String: Int64]>([:])

    /// - Returns: whether it was used for the first time.
    func use(_ token: String, expires: Int64, now: Int64) -> Bool {
        used.withLock { used in
            used = used.filter { $0.value > now }
            return used.updateValue(expires, forKey: token) == nil
        }
    }
}
