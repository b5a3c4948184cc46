#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// How many replicas the tokens in flight need: prompts that are read or wait to be, and what is being generated for them,
/// must lie in KV caches. What a cache holds is learned: while nobody waits, the tokens in flight are those in it.
///
/// The engine's own use of its cache says nothing of what still waits outside of it: a queue of long prompts is seen
/// here before it is seen there. A moment's tokens are no reason for a start that takes minutes: the average over the time
/// of a start counts.
struct TokenDemand: Sendable {
    /// Tokens that fill the cache of one replica.
    private(set) var capacity: Double?
    private var average: Double?
    private var last: Double?

    /// Below, the cache's use is too coarse to reckon with.
    private static let leastUse = 0.1

    /// - Parameter start: seconds that a replica takes to start.
    mutating func record(_ reading: LanguageModelReading, start: Double, at now: Double) {
        guard let tokens = reading.tokensInFlight.map(Double.init) else {
            average = nil
            return
        }
        learn(tokens, reading)
        let share = last.map { 1 - exp(-max(0, now - $0) / max(10, start)) } ?? 1
        average = (average ?? tokens) + share * (tokens - (average ?? tokens))
        last = now
    }

    /// - Parameter use: the share of a cache that may be in use.
    func replicas(use: Double) -> Int {
        guard let capacity, let average, capacity > 0 else { return 0 }
        return Int(clamped: (average / (capacity * use)).rounded(.up))
    }

    private mutating func learn(_ tokens: Double, _ reading: LanguageModelReading) {
        guard let engine = reading.engine, let use = engine.cacheUse, use >= Self.leastUse, engine.waiting == 0,
            reading.ready > 0, Double(reading.inFlight) <= engine.running, tokens > 0
        else { return }
        let seen = tokens / (use * Double(reading.ready))
        capacity = capacity.map { $0 * 0.9 + seen * 0.1 } ?? seen
    }
}
