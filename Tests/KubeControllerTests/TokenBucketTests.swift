import Testing

@testable import KubeController

@Suite("A token bucket")
struct TokenBucketTests {
    @Test("gives its burst at once, then one after the other")
    func burst() {
        var bucket = TokenBucket(burst: 3, perSecond: 10)
        let waits = (0..<6).map { _ in bucket.take(at: .seconds(7)) }
        #expect(waits == [.zero, .zero, .zero, .milliseconds(100), .milliseconds(200), .milliseconds(300)])
    }

    @Test("fills again while nobody takes, up to its burst")
    func fills() {
        var bucket = TokenBucket(burst: 2, perSecond: 4)
        for _ in 0..<3 { _ = bucket.take(at: .zero) }
        #expect(bucket.take(at: .milliseconds(500)) == .zero)
        #expect(bucket.take(at: .milliseconds(500)) > .zero)
        let waits = (0..<3).map { _ in bucket.take(at: .seconds(100)) }
        #expect(waits == [.zero, .zero, .milliseconds(250)])
    }

    @Test("holds back a queue in which all keys fail, not the first failure of one")
    func queue() {
        let queue = WorkQueue<Int>(
            time: ManualTime(), bucket: TokenBucket(burst: 2, perSecond: 1), random: { 0 })
        #expect((0..<4).map { queue.retry($0) } == [.milliseconds(5), .milliseconds(5), .seconds(1), .seconds(2)])
    }
}
