import Synchronization

/// Regular expressions of schemas, each compiled once.
enum Pattern {
    /// Matching happens inside the lock: a `Regex` is not `Sendable`, and patterns are few and short.
    private static let compiled = Mutex<[String: Regex<AnyRegexOutput>]>([:])

    /// Whether `pattern` matches somewhere in `text`. A pattern that is no regular expression matches nothing, so that
    /// the mistake is seen.
    static func matches(_ text: String, _ pattern: String) -> Bool {
        compiled.withLock { compiled in
            if compiled[pattern] == nil {
                compiled[pattern] = (try? Regex(pattern))?.matchingSemantics(.unicodeScalar)
            }
            guard let regex = compiled[pattern] else { return false }
            return (try? regex.firstMatch(in: text)) != nil
        }
    }
}
