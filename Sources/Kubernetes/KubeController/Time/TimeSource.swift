import KubeModel

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Where the time comes from. Everything that waits or looks at the clock takes one, so that tests decide what time
/// it is.
package protocol TimeSource: Sendable {
    /// Since some fixed moment; never goes back.
    var now: Duration { get }
    /// The calendar's time, since 1970.
    var microsecondsSince1970: Int64 { get }
    /// - Throws: `CancellationError`.
    func sleep(until moment: Duration) async throws
}

extension TimeSource {
    /// The calendar's time in whole seconds, as in `metadata.creationTimestamp`.
    package var timestamp: String { Timestamp.string(seconds: secondsSince1970) }
    package var secondsSince1970: Int64 { microsecondsSince1970 / 1_000_000 }

    /// - Throws: `CancellationError`.
    package func sleep(for duration: Duration) async throws { try await sleep(until: now + duration) }
}

/// The machine's time.
package struct SystemTime: TimeSource {
    private static let start = ContinuousClock.now

    package init() {}

    package var now: Duration { ContinuousClock.now - Self.start }

    package var microsecondsSince1970: Int64 {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1_000
    }

    package func sleep(until moment: Duration) async throws {
        try await ContinuousClock().sleep(until: Self.start + moment, tolerance: .zero)
    }
}
