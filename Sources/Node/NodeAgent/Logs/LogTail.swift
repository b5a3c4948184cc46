/// The last lines of a stream, for the message of a container that ended: at most 20 lines and 4 KB, as Kubernetes'
/// `FallbackToLogsOnError` keeps 80 lines and 2 KB.
struct LogTail {
    private static let (lineLimit, byteLimit) = (20, 4_096)

    private var lines: [ArraySlice<UInt8>] = []
    private var count = 0

    mutating func add(_ line: ArraySlice<UInt8>) {
        // The end of a long line says more than its beginning.
        lines.append(ArraySlice(Array(line.suffix(Self.byteLimit))))
        count += lines[lines.count - 1].count + 1
        while lines.count > Self.lineLimit || count > Self.byteLimit, lines.count > 1 {
            count -= lines.removeFirst().count + 1
        }
    }

    /// Joined by newlines; empty where nothing was written.
    var text: String { String(decoding: Array(lines.joined(separator: [UInt8(ascii: "\n")])), as: UTF8.self) }
}
