import Activation
import HTTPFraming
import Synchronization

/// One event loop's counts of what became of a revision's requests. Only that loop writes; any thread reads.
final class TrafficCounters: Sendable {
    /// By status, first come, first served: a server that makes up statuses cannot fill the memory.
    private let codes = InlineArray<24, Atomic<Int>> { _ in Atomic(0) }
    private let counts = InlineArray<24, Atomic<Int>> { _ in Atomic(0) }
    private let coldStarts = Atomic<Int>(0)
    private let retries = Atomic<Int>(0)
    let duration = Histogram()
    let firstByte = Histogram()
    let wait = Histogram()
    let firstToken = Histogram()
    let betweenTokens = Histogram()
    private let cuts = Atomic<Int>(0)
    private let drops = Atomic<Int>(0)
    private let ejections = Atomic<Int>(0)
    private let tokensHeld = Atomic<Int>(0)
    private let promptTokens = Atomic<Int>(0)
    private let completionTokens = Atomic<Int>(0)
    private let generationNanoseconds = Atomic<Int>(0)

    init() {}

    /// - Parameter status: 499 where the client went away first.
    func count(status: Int) {
        for slot in 0..<24 {
            let code = codes[slot].load(ordering: .relaxed)
            if code == 0 { codes[slot].store(status, ordering: .relaxed) }
            guard code == 0 || code == status || slot == 23 else { continue }
            Self.increment(counts[slot])
            return
        }
    }

    func countColdStart() { Self.increment(coldStarts) }
    func countRetry() { Self.increment(retries) }
    func countCut() { Self.increment(cuts) }
    func countDrop() { Self.increment(drops) }
    /// Tokens that requests under way hold: `count` more, or fewer.
    func hold(tokens count: Int) { Self.increment(tokensHeld, by: count) }

    var tokensInFlight: Int { tokensHeld.load(ordering: .relaxed) }

    func countEjection() { Self.increment(ejections) }

    /// The tokens of an answer, and how long its server generated them.
    func count(_ tokens: TokenCounts, from start: MonotonicTime, to end: MonotonicTime) {
        Self.increment(promptTokens, by: tokens.prompt ?? 0)
        guard let completion = tokens.completion, completion > 0 else { return }
        Self.increment(completionTokens, by: completion)
        Self.increment(generationNanoseconds, by: Int(max(0, end.nanoseconds - start.nanoseconds)))
    }

    private static func increment(_ counter: borrowing Atomic<Int>, by amount: Int = 1) {
        counter.store(counter.load(ordering: .relaxed) &+ amount, ordering: .relaxed)
    }

    func read() -> TrafficReading {
        var reading = TrafficReading()
        for slot in 0..<24 {
            let code = codes[slot].load(ordering: .relaxed)
            if code != 0 { reading.codes[code, default: 0] += counts[slot].load(ordering: .relaxed) }
        }
        reading.coldStarts = coldStarts.load(ordering: .relaxed)
        reading.retries = retries.load(ordering: .relaxed)
        reading.duration = duration.read()
        reading.firstByte = firstByte.read()
        reading.wait = wait.read()
        reading.firstToken = firstToken.read()
        reading.betweenTokens = betweenTokens.read()
        reading.cuts = cuts.load(ordering: .relaxed)
        reading.drops = drops.load(ordering: .relaxed)
        reading.ejections = ejections.load(ordering: .relaxed)
        reading.promptTokens = promptTokens.load(ordering: .relaxed)
        reading.completionTokens = completionTokens.load(ordering: .relaxed)
        reading.generationSeconds = Double(generationNanoseconds.load(ordering: .relaxed)) / 1e9
        return reading
    }
}

/// What became of requests since the start.
package struct TrafficReading: Sendable, Hashable {
    /// Requests that have ended, by status; 499: the client went away first.
    package internal(set) var codes: [Int: Int] = [:]
    /// Requests that found no endpoint.
    package internal(set) var coldStarts = 0
    /// Times that a request was sent again.
    package internal(set) var retries = 0
    /// From the head of the request to the end of the response.
    package internal(set) var duration = HistogramReading()
    /// From the head of the request to the head of the response.
    package internal(set) var firstByte = HistogramReading()
    /// Of the requests that waited: how long.
    package internal(set) var wait = HistogramReading()
    /// From the moment that a request was sent to its server to the first event of the answer, or, for an answer in
    /// JSON, its first byte. What the request waited before that is in `wait`.
    package internal(set) var firstToken = HistogramReading()
    /// Of each stream the average time between two of its tokens.
    package internal(set) var betweenTokens = HistogramReading()
    /// Answers that the client has part of and that could not be ended, whoever is to blame but the client.
    package internal(set) var cuts = 0
    /// Copies of requests that were not sent, because the shadow had no free place.
    package internal(set) var drops = 0
    /// Times that a replica was left out for a while, because it failed again and again.
    package internal(set) var ejections = 0
    /// As the servers say.
    package internal(set) var promptTokens = 0
    /// As the servers say; where a stream says nothing, each of its events counts as one.
    package internal(set) var completionTokens = 0
    /// How long the completion tokens took, all answers together: of a stream from its first event, of an answer that
    /// comes whole from the request.
    package internal(set) var generationSeconds = 0.0

    package init() {}

    mutating func add(_ other: TrafficReading) {
        codes.merge(other.codes, uniquingKeysWith: +)
        coldStarts += other.coldStarts
        retries += other.retries
        duration.add(other.duration)
        firstByte.add(other.firstByte)
        wait.add(other.wait)
        firstToken.add(other.firstToken)
        betweenTokens.add(other.betweenTokens)
        cuts += other.cuts
        drops += other.drops
        ejections += other.ejections
        promptTokens += other.promptTokens
        completionTokens += other.completionTokens
        generationSeconds += other.generationSeconds
    }
}
