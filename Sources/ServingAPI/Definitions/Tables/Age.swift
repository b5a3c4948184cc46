import KubeModel

/// How long ago something was, as kubectl writes it: the two largest units, the second one only while it matters.
package enum Age {
    /// - Parameters:
    ///   - timestamp: RFC 3339.
    ///   - now: seconds since 1970.
    /// - Returns: `37s`, `4m12s`, `3d`; `<unknown>` where there is no time.
    package static func text(since timestamp: String?, now: Int64) -> String {
        guard let then = timestamp.flatMap(Timestamp.seconds) else { return "<unknown>" }
        return text(seconds: now - then)
    }

    /// - Parameter seconds: how long; below zero is a clock that was set back.
    package static func text(seconds: Int64) -> String {
        if seconds < -1 { return "<invalid>" }
        let (minutes, hours, days) = (seconds / 60, seconds / 3_600, seconds / 86_400)
        let years = days / 365
        return switch () {
        case _ where seconds < 120: "\(max(0, seconds))s"
        case _ where minutes < 10: pair(minutes, "m", seconds % 60, "s")
        case _ where minutes < 180: "\(minutes)m"
        case _ where hours < 8: pair(hours, "h", minutes % 60, "m")
        case _ where hours < 48: "\(hours)h"
        case _ where days < 8: pair(days, "d", hours % 24, "h")
        case _ where years < 2: "\(days)d"
        case _ where years < 8: pair(years, "y", days % 365, "d")
        default: "\(years)y"
        }
    }

    private static func pair(_ large: Int64, _ largeUnit: String, _ small: Int64, _ smallUnit: String) -> String {
        small == 0 ? "\(large)\(largeUnit)" : "\(large)\(largeUnit)\(small)\(smallUnit)"
    }
}

extension Object {
    /// The cell of an Age column.
    func age(_ now: Int64) -> String { Age.text(since: creationTimestamp, now: now) }
}
