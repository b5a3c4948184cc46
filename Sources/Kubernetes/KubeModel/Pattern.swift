import Synchronization

/// Regular expressions of schemas, each compiled once.
enum Pattern {
    /// So many are kept.
    private static let limit = 1_000

    /// Matching happens inside the lock, for a `Regex` is not `Sendable`. It backtracks, unlike Go's: a pattern with
    /// repetitions within repetitions takes long on a text that nearly matches.
    private static let compiled = Mutex<[String: Regex<AnyRegexOutput>]>([:])

    /// Whether `pattern` matches somewhere in `text`. A pattern that is no regular expression matches nothing, so that
    /// the mistake is seen.
    static func matches(_ text: String, _ pattern: String) -> Bool {
        compiled.withLock { compiled in
            if compiled[pattern] == nil {
                if compiled.count >= limit { compiled.removeAll() }
                compiled[pattern] = (try? Regex(pattern))?.matchingSemantics(.unicodeScalar)
            }
            guard let regex = compiled[pattern] else { return false }
            return (try? regex.firstMatch(in: text)) != nil
        }
    }
}
