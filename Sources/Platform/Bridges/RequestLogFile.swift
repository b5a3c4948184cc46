import Glibc
import Logging
import Observability
import Proxy
import Synchronization

/// The log of requests as a file: lines wait in a queue of a bounded length and are written by one task, so that no
/// request ever waits for the disk. A full file is put aside as `.1`; one is kept.
final class RequestLogFile: RequestLog {
    private let path: String
    private let lines: AsyncStream<String>
    private let queue: AsyncStream<String>.Continuation
    private let dropped = Atomic(0)
    private let logger: Logger

    private static let longestQueue = 10_000
    private static let largestFile = 64 << 20

    init(path: String, logger: Logger) {
        self.path = path
        self.logger = logger
        (lines, queue) = AsyncStream.makeStream(of: String.self, bufferingPolicy: .bufferingOldest(Self.longestQueue))
    }

    func write(_ line: String) {
        if case .dropped = queue.yield(line) { dropped.add(1, ordering: .relaxed) }
    }

    func collect() -> [MetricFamily] {
        [
            MetricFamily(
                "martlet_request_log_dropped_total", .counter,
                help: "Lines of the request log that there was no room for.",
                samples: [.init(Double(dropped.load(ordering: .relaxed)))])
        ]
    }

    /// Writes until cancelled.
    func run() async {
        var (file, size): (Int32, Int) = (-1, 0)
        defer { if file >= 0 { close(file) } }
        for await line in lines {
            if size > Self.largestFile { rotate(&file) }
            if file < 0 { (file, size) = open() }
            guard file >= 0, append(line, to: file) else {
                dropped.add(1, ordering: .relaxed)
                continue
            }
            size += line.utf8.count
        }
    }

    private func open() -> (Int32, Int) {
        let file = Glibc.open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
        if file < 0 { logger.error("The log of requests cannot be written", metadata: ["path": "\(path)"]) }
        return (file, file < 0 ? 0 : Int(max(0, lseek(file, 0, SEEK_END))))
    }

    private func rotate(_ file: inout Int32) {
        close(file)
        file = -1
        rename(path, path + ".1")
    }

    private func append(_ line: String, to file: Int32) -> Bool {
        let bytes = Array(line.utf8)
        return bytes.withUnsafeBytes { Glibc.write(file, $0.baseAddress, $0.count) == $0.count }
    }
}
