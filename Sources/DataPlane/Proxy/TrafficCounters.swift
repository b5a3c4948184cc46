import Activation
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

    private static func increment(_ counter: borrowing Atomic<Int>) {
        counter.store(counter.load(ordering: .relaxed) + 1, ordering: .relaxed)
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

    package init() {}

    mutating func add(_ other: TrafficReading) {
        codes.merge(other.codes, uniquingKeysWith: +)
        coldStarts += other.coldStarts
        retries += other.retries
        duration.add(other.duration)
        firstByte.add(other.firstByte)
        wait.add(other.wait)
    }
}
