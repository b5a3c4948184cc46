import Activation
import HTTPFraming
import Testing

@testable import Proxy

struct ExchangePolicyTests {
    struct Loss: Sendable {
        var isSent = true
        var isReplayable = true
        var isReused = false
        var hasAnswered = false
        var isResponseStarted = false
        var replays = 0
        var expected: ExchangeProgress.Recovery
    }

    @Test(arguments: [
        Loss(isSent: false, expected: .requeue),
        Loss(isSent: false, isReplayable: false, isReused: true, expected: .requeue),
        Loss(isReused: true, expected: .reconnect),
        Loss(isReused: true, replays: 5, expected: .reconnect),
        Loss(isReplayable: false, isReused: true, expected: .fail),
        Loss(expected: .requeue),
        Loss(replays: 1, expected: .fail),
        Loss(isReplayable: false, expected: .fail),
        Loss(isReused: true, hasAnswered: true, expected: .fail),
        Loss(hasAnswered: true, isResponseStarted: true, expected: .cut),
        Loss(isSent: false, isReused: true, isResponseStarted: true, expected: .cut),
    ])
    func `A lost server is made up for where that is safe`(loss: Loss) {
        var progress = ExchangeProgress()
        progress.isSent = loss.isSent
        progress.isReplayable = loss.isReplayable
        progress.isReused = loss.isReused
        progress.isResponseStarted = loss.isResponseStarted
        progress.replays = loss.replays
        #expect(progress.recovery(hasAnswered: loss.hasAnswered) == loss.expected)
    }

    @Test
    func `A connection goes on only after a complete request`() {
        var progress = ExchangeProgress()
        #expect(progress.afterwards(closes: false) == .linger)
        progress.isRequestComplete = true
        #expect(progress.afterwards(closes: false) == .nextRequest)
        #expect(progress.afterwards(closes: true) == .linger)
    }

    @Test
    func `An error event never completes the message it cuts`() {
        let length = GatewayError.cut.json.utf8.count + "data: \n\n".utf8.count
        #expect(StreamCut.bytes(.cut, room: .bytes(length), isBetweenEvents: true) == nil)
        #expect(StreamCut.bytes(.cut, room: .bytes(length + 1), isBetweenEvents: true)?.count == length)
        #expect(StreamCut.bytes(.cut, room: .none, isBetweenEvents: true) == nil)
        #expect(StreamCut.bytes(.cut, room: .any, isBetweenEvents: true)?.count == length)
    }

    @Test
    func `The pool gives out the connection used last, and none that is old`() {
        final class Connection {}
        let (old, young) = (Connection(), Connection())
        func at(_ seconds: Int) -> MonotonicTime { MonotonicTime(nanoseconds: Int64(seconds) * 1_000_000_000) }
        var pool = IdlePool<Connection>(limit: 2, idleLimit: .seconds(4))
        func put(_ connection: Connection, at seconds: Int) -> Bool { pool.put(connection, at: at(seconds)) }
        func take(at seconds: Int) -> Connection? { pool.take(at: at(seconds)) }
        #expect(put(old, at: 0))
        #expect(put(young, at: 3))
        #expect(!put(Connection(), at: 3), "it is full")
        #expect(pool.removeExpired(at: at(4)).map(ObjectIdentifier.init) == [ObjectIdentifier(old)])
        #expect(take(at: 5) === young)
        #expect(take(at: 5) == nil)
        #expect(put(young, at: 5))
        #expect(take(at: 9) == nil, "too old")
        pool.remove(young)
        #expect(pool.removeAll().isEmpty)
    }

    @Test
    func `Statuses are counted, and cannot fill the memory`() {
        let counters = TrafficCounters()
        for status in 200..<300 { counters.count(status: status) }
        counters.count(status: 200)
        let codes = counters.read().codes
        #expect(codes.count == 24)
        #expect(codes[200] == 2)
        #expect(codes.values.reduce(0, +) == 101)
    }

    @Test
    func `Durations fall into their buckets`() {
        let histogram = Histogram()
        for milliseconds in [0, 1, 2, 3_600_001] as [Int64] {
            histogram.record(
                from: MonotonicTime(nanoseconds: 0), to: MonotonicTime(nanoseconds: milliseconds * 1_000_000))
        }
        let reading = histogram.read()
        #expect(reading.counts.enumerated().filter { $0.element > 0 }.map(\.offset) == [0, 1, 2, 19])
        #expect(reading.count == 4)
        #expect(reading.sum == 3_600_004)
        #expect(HistogramReading.bounds.count == 19)
    }

    @Test
    func `An error is one line of JSON, whatever is in its message`() {
        let error = GatewayError(404, code: "c", param: "p", "a\"b\\c\nd\u{1}\u{7F}é")
        #expect(
            error.json
                == #"{"error":{"message":"a\"b\\c\nd\u0001\u007fé","type":"invalid_request_error","param":"p","code":"c"}}"#
        )
    }
}
