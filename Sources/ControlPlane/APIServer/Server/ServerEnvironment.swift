import FoundationEssentials

/// What the server takes from the world around it, so that tests can decide it.
package struct ServerEnvironment: Sendable {
    /// Microseconds since 1970.
    package var now: @Sendable () -> Int64
    /// A new object's uid.
    package var uid: @Sendable () -> String
    /// What is appended to `metadata.generateName`.
    package var nameSuffix: @Sendable () -> String
    /// Returns after that long; throws when the task is cancelled.
    package var sleep: @Sendable (Duration) async throws -> Void

    package init(
        now: @escaping @Sendable () -> Int64, uid: @escaping @Sendable () -> String,
        nameSuffix: @escaping @Sendable () -> String, sleep: @escaping @Sendable (Duration) async throws -> Void
    ) {
        self.now = now
        self.uid = uid
        self.nameSuffix = nameSuffix
        self.sleep = sleep
    }

    /// The machine's clock and randomness.
    package static let system = ServerEnvironment(
        now: systemTime, uid: randomUID, nameSuffix: randomSuffix, sleep: { try await Task.sleep(for: $0) })

    private static func systemTime() -> Int64 {
        Int64(Date.now.timeIntervalSince1970 * 1_000_000)
    }

    /// RFC 9562, version 4.
    private static func randomUID() -> String {
        let digits = Array("0123456789abcdef")
        var nibbles = (0..<32).map { _ in Int.random(in: 0..<16) }
        nibbles[12] = 4
        nibbles[16] = 8 | nibbles[16] & 3
        let text = nibbles.map { digits[$0] }
        return [text[0..<8], text[8..<12], text[12..<16], text[16..<20], text[20..<32]].map { String($0) }
            .joined(separator: "-")
    }

    /// Five characters of Kubernetes' alphabet, which spells no words.
    private static func randomSuffix() -> String {
        String((0..<5).compactMap { _ in "bcdfghjklmnpqrstvwxz2456789".randomElement() })
    }
}
