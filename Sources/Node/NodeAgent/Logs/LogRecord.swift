import KubeModel

/// One line of a log file, in the format that Kubernetes' container runtimes share (CRI):
/// `2026-11-23T19:57:01.123456789Z stderr F text`. `P` instead of `F` marks a part of a line that goes on in the next
/// record of the same stream.
struct LogRecord: Sendable, Hashable {
    enum Stream: String, Sendable { case stdout, stderr }

    /// The bytes of the time, the stream and the tag, with a space after each.
    static func prefix(time: String, stream: Stream, isPartial: Bool) -> [UInt8] {
        Array("\(time) \(stream.rawValue) \(isPartial ? "P" : "F") ".utf8)
    }

    /// RFC 3339 with nanoseconds, always of the same length, so that times compare as texts.
    static func time(nanoseconds: Int64) -> String {
        let (seconds, rest) = nanoseconds.quotientAndRemainder(dividingBy: 1_000_000_000)
        let fraction = String(rest)
        return "\(Timestamp.string(seconds: seconds).dropLast())."
            + String(repeating: "0", count: 9 - fraction.count) + fraction + "Z"
    }

    var time: ArraySlice<UInt8>
    var stream: Stream
    var isPartial: Bool
    var text: ArraySlice<UInt8>

    /// `nil` for a line that is not in the format: one that was cut by a crash.
    ///
    /// - Parameter line: without its newline.
    init?(line: ArraySlice<UInt8>) {
        let space = UInt8(ascii: " ")
        guard let first = line.firstIndex(of: space), let second = line[(first + 1)...].firstIndex(of: space),
            second + 2 < line.endIndex, line[second + 2] == space,
            let stream = Stream(rawValue: String(decoding: line[(first + 1)..<second], as: UTF8.self))
        else { return nil }
        self.stream = stream
        time = line[..<first]
        isPartial = line[second + 1] == UInt8(ascii: "P")
        text = line[(second + 3)...]
    }
}
