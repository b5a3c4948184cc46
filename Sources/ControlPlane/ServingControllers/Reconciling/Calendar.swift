import KubeController
import KubeModel

/// One moment of the calendar.
struct Calendar: Sendable, Hashable {
    /// Since 1970.
    let seconds: Int64

    init(seconds: Int64) { self.seconds = seconds }

    init(_ time: any TimeSource) { seconds = time.secondsSince1970 }

    /// RFC 3339.
    var text: String { Timestamp.string(seconds: seconds) }
}
