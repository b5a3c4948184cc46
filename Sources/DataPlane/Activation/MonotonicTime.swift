/// A moment on the machine's monotonic clock. It is passed in: nothing in this room reads a clock.
package struct MonotonicTime: Sendable, Hashable, Comparable {
    package var nanoseconds: Int64

    package init(nanoseconds: Int64) { self.nanoseconds = nanoseconds }

    /// Later than every moment.
    package static let never = MonotonicTime(nanoseconds: .max)

    package static func < (left: Self, right: Self) -> Bool { left.nanoseconds < right.nanoseconds }

    package func advanced(byNanoseconds amount: Int64) -> MonotonicTime {
        let (sum, overflow) = nanoseconds.addingReportingOverflow(amount)
        return overflow ? .never : MonotonicTime(nanoseconds: sum)
    }

    package func advanced(by duration: Duration) -> MonotonicTime { advanced(byNanoseconds: duration.nanoseconds) }
}

extension Duration {
    /// Whole nanoseconds, at most 292 years.
    package var nanoseconds: Int64 {
        let (seconds, attoseconds) = components
        let (product, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        return overflow ? .max : product &+ attoseconds / 1_000_000_000
    }
}
