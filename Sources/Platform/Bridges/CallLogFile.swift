import Glibc
import JSONModel
import KubeModel
import Logging
import Observability
import Proxy
import Synchronization

/// The log of calls as a file whose lines hold together: each has a hash of itself and of the line before. Calls wait in a
/// queue of a bounded length and are written by one task, so that none waits for the disk; how many there was no room for
/// is said by the next line. A full file is put aside as `.1`, and the chain goes on.
final class CallLogFile: CallLog {
    private let path: String
    private let calls: AsyncStream<LoggedCall>
    private let queue: AsyncStream<LoggedCall>.Continuation
    private let lost = Atomic(0)
    private let unsaid = Atomic(0)
    private let logger: Logger

    private static let longestQueue = 10_000
    private static let largestFile = 100 << 20

    init(path: String, logger: Logger) {
        self.path = path
        self.logger = logger
        (calls, queue) = AsyncStream.makeStream(
            of: LoggedCall.self, bufferingPolicy: .bufferingOldest(Self.longestQueue))
    }

    func write(_ call: LoggedCall) {
        if case .dropped = queue.yield(call) { lose() }
    }

    private func lose() {
        lost.add(1, ordering: .relaxed)
        unsaid.add(1, ordering: .relaxed)
    }

    func collect() -> [MetricFamily] {
        [
            MetricFamily(
                "martlet_call_log_dropped_total", .counter, help: "Calls that the log of calls had no room for.",
                samples: [.init(Double(lost.load(ordering: .relaxed)))])
        ]
    }

    /// Writes until cancelled.
    func run() async {
        var chain = CallChain(after: Self.lastLine(of: path))
        var (file, size): (Int32, Int) = (-1, 0)
        defer { if file >= 0 { close(file) } }
        for await call in calls {
            if size > Self.largestFile {
                close(file)
                file = -1
                rename(path, path + ".1")
            }
            if file < 0 { (file, size) = open() }
            let gap = unsaid.exchange(0, ordering: .relaxed)
            let line = chain.line(call.json(lost: gap)) + "\n"
            guard file >= 0, append(line, to: file) else {
                unsaid.add(gap, ordering: .relaxed)
                chain.takeBack()
                lose()
                continue
            }
            size += line.utf8.count
        }
    }

    private func open() -> (Int32, Int) {
        let file = Glibc.open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
        if file < 0 { logger.error("The log of calls cannot be written", metadata: ["path": "\(path)"]) }
        return (file, file < 0 ? 0 : Int(max(0, lseek(file, 0, SEEK_END))))
    }

    private func append(_ line: String, to file: Int32) -> Bool {
        let bytes = Array(line.utf8)
        return bytes.withUnsafeBytes { Glibc.write(file, $0.baseAddress, $0.count) == $0.count }
    }

    /// With which the chain goes on after a restart.
    private static func lastLine(of path: String) -> String? {
        let file = Glibc.open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return nil }
        defer { close(file) }
        let size = lseek(file, 0, SEEK_END)
        var bytes = [UInt8](repeating: 0, count: min(64 << 10, Int(size)))
        let start = size - off_t(bytes.count)
        let count = bytes.withUnsafeMutableBytes { pread(file, $0.baseAddress, $0.count, start) }
        guard count == bytes.count else { return nil }
        return String(decoding: bytes, as: UTF8.self).split(separator: "\n").last.map(String.init)
    }
}

extension LoggedCall {
    /// - Parameter lost: calls that came before it and that there was no room for.
    fileprivate func json(lost: Int) -> JSONValue {
        var json: JSONValue = [
            "time": .string(Timestamp.string(seconds: Int64(time))), "client": .string(client), "user": .string(user),
            "method": .string(method), "path": .string(path), "target": .string(target), "allowed": .bool(isAllowed),
        ]
        if let key { json["key"] = .string(key) }
        if !isAllowed { json["status"] = .number(JSONNumber(status)) }
        if !reason.isEmpty { json["reason"] = .string(reason) }
        if lost > 0 { json["lost"] = .number(JSONNumber(lost)) }
        return json
    }
}
