import Synchronization

/// Keeps what is said of one object readable, as client-go's event correlator does, with its numbers: ten different
/// messages for one reason within ten minutes become one that is counted, and of one object a source says 25 things at
/// once, then one in five minutes.
final class EventCorrelator: Sendable {
    /// How an event is to be written.
    enum Verdict: Sendable, Hashable {
        case asIs
        /// As one of many that differ in their message only: they share one event.
        case combined
        /// Not at all.
        case dropped
    }

    /// What events have in common that may be combined.
    struct Topic: Sendable, Hashable {
        var object: String
        var level: String
        var reason: String
    }

    fileprivate struct Similar {
        var messages: Set<String> = []
        var last: Duration
    }

    fileprivate struct Bucket {
        var tokens = Double(EventCorrelator.burst)
        var filledAt: Duration
    }

    fileprivate struct State {
        var similar: [Topic: Similar] = [:]
        var buckets: [String: Bucket] = [:]
    }

    static let similarLimit = 10
    static let similarInterval: Duration = .seconds(600)
    static let burst = 25
    static let refill: Duration = .seconds(300)
    /// Topics and objects that are remembered.
    fileprivate static let capacity = 4_096

    private let state = Mutex(State())

    /// - Parameter now: since some fixed moment; never goes back.
    func take(_ topic: Topic, _ message: String, at now: Duration) -> Verdict {
        state.withLock { state in
            state.forget(at: now)
            let isCombined = state.count(topic, message, at: now)
            guard state.takeToken(topic.object, at: now) else { return .dropped }
            return isCombined ? .combined : .asIs
        }
    }
}

extension EventCorrelator.State {
    fileprivate mutating func count(_ topic: EventCorrelator.Topic, _ message: String, at now: Duration) -> Bool {
        var entry = similar[topic] ?? .init(last: now)
        if now - entry.last > EventCorrelator.similarInterval { entry.messages = [] }
        entry.last = now
        if entry.messages.count < EventCorrelator.similarLimit { entry.messages.insert(message) }
        similar[topic] = entry
        return entry.messages.count >= EventCorrelator.similarLimit
    }

    fileprivate mutating func takeToken(_ object: String, at now: Duration) -> Bool {
        var bucket = buckets[object] ?? .init(filledAt: now)
        let gained = (now - bucket.filledAt) / EventCorrelator.refill
        bucket.tokens = min(Double(EventCorrelator.burst), bucket.tokens + gained)
        bucket.filledAt = now
        let isThere = bucket.tokens >= 1
        if isThere { bucket.tokens -= 1 }
        buckets[object] = bucket
        return isThere
    }

    /// What is over tells nothing any more: such topics are as new, such buckets full.
    fileprivate mutating func forget(at now: Duration) {
        if similar.count >= EventCorrelator.capacity {
            similar = similar.filter { now - $0.value.last <= EventCorrelator.similarInterval }
            if similar.count >= EventCorrelator.capacity { similar = [:] }
        }
        if buckets.count >= EventCorrelator.capacity {
            let whole = EventCorrelator.refill * EventCorrelator.burst
            buckets = buckets.filter { now - $0.value.filledAt < whole }
            if buckets.count >= EventCorrelator.capacity { buckets = [:] }
        }
    }
}
