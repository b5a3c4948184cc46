import Activation
import Authorization
import HTTPFraming

/// The requests of one event loop that have ended since somebody looked: numbers and references, put in place. Texts are
/// made of them when they are taken. When there are more than it has places for, the oldest give way, and are counted.
struct RequestTrail {
    struct Entry {
        var number: UInt64
        var line: RequestLine
        var address: String
        var exchange: EndedExchange
    }

    private static let capacity = 1_024
    private var entries: [Entry] = []
    /// Where the oldest one is, once all places are taken.
    private var oldest = 0
    private var lost = 0

    mutating func add(_ entry: Entry) {
        guard entries.count == Self.capacity else {
            entries.append(entry)
            return
        }
        entries[oldest] = entry
        oldest = (oldest + 1) % Self.capacity
        lost += 1
    }

    /// The oldest first.
    mutating func take() -> (entries: [Entry], lost: Int) {
        let taken = Array(entries[oldest...] + entries[..<oldest])
        defer {
            entries.removeAll(keepingCapacity: true)
            (oldest, lost) = (0, 0)
        }
        return (taken, lost)
    }
}

/// What is kept of an exchange.
struct EndedExchange {
    var began: MonotonicTime
    var ended: MonotonicTime
    var decided: MonotonicTime?
    var waitedSince: MonotonicTime?
    var waited: Duration?
    var sent: MonotonicTime?
    var firstByte: MonotonicTime?
    var firstToken: MonotonicTime?
    var status: Int
    var size: Int
    var counts: TokenCounts
    var isColdStart: Bool
    var share: RevisionShare?
    var endpoint: EndpointShare?
    var grant: Grant?
    var key: ModelKey?
    var trace: RequestTrace?
    var capture: BodyCapture?

    init(_ exchange: Exchange, status: Int, at end: MonotonicTime) {
        began = exchange.began
        ended = end
        decided = exchange.decidedAt
        (waitedSince, waited, sent) = (exchange.waitedSince, exchange.waited, exchange.sentAt)
        (firstByte, firstToken) = (exchange.firstByteAt, exchange.firstToken)
        self.status = status
        size = exchange.size
        counts = exchange.answer.counts
        isColdStart = exchange.isColdStart
        (share, endpoint) = (exchange.share, exchange.servedBy)
        (grant, key) = (exchange.grant, exchange.key)
        (trace, capture) = (exchange.trace, exchange.capture)
    }
}
