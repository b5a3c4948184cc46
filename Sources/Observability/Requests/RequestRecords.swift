import Glibc
import JSONModel

/// The records of requests that have ended: what they were in memory, the last ten thousand, and with their bodies in two
/// files of a bounded size. Both survive the end of the process.
package actor RequestRecords {
    private struct Kept {
        /// Without bodies.
        var record: RequestRecord
        var hasBodies: Bool
        var file: Int
        var range: Range<Int>
    }

    private static let most = 10_000
    /// At the start no more is read of each file; a line that is cut at its beginning is no record.
    private static let largestRead = 8 << 20

    private let path: String
    private let largestFile: Int
    /// The oldest first.
    private var kept: [Kept] = []
    private var file: Int32 = -1
    /// How many files there were before this one, and how large it is.
    private var turn = 0
    private var size = 0
    private var unwritten = 0
    /// The file's last line is not whole: it must not swallow the one that comes next.
    private var isTorn: Bool

    /// Reads what is there; a line that is torn is passed over.
    ///
    /// - Parameters:
    ///   - path: of the file; the one before it is at `<path>.1`.
    ///   - largestFile: in bytes, of each of the two.
    package init(path: String, largestFile: Int = 32 << 20) {
        self.path = path
        self.largestFile = largestFile
        var found: [Kept] = []
        for (turn, name) in [(0, path + ".1"), (1, path)] { found += Self.read(name, turn) }
        kept = Array(found.suffix(Self.most))
        turn = 1
        let written = HistoryFile.size(path) ?? 0
        size = written
        isTorn = written > 0 && HistoryFile.read(path, from: written - 1, count: 1) != [10]
    }

    private static func read(_ path: String, _ turn: Int) -> [Kept] {
        let size = HistoryFile.size(path) ?? 0
        let begin = max(0, size - largestRead)
        guard let bytes = HistoryFile.read(path, from: begin, count: size - begin) else { return [] }
        var (found, start): ([Kept], Int) = ([], begin)
        for line in bytes.split(separator: 10, omittingEmptySubsequences: false) {
            defer { start += line.count + 1 }
            guard let json = try? JSONValue(parsing: Array(line)), var record = RequestRecord(json) else { continue }
            let hasBodies = record.bodies != nil
            record.bodies = nil
            found.append(Kept(record: record, hasBodies: hasBodies, file: turn, range: start..<start + line.count))
        }
        return found
    }

    /// Records that could not be written down; they are in memory only.
    package var lost: Int { unwritten }

    package func add(_ records: [RequestRecord]) {
        guard !records.isEmpty else { return }
        if size > largestFile { rotate() }
        var text: [UInt8] = isTorn ? [10] : []
        isTorn = false
        for record in records {
            let start = size + text.count
            record.json.append(to: &text)
            var bare = record
            bare.bodies = nil
            kept.append(
                Kept(record: bare, hasBodies: record.bodies != nil, file: turn, range: start..<size + text.count))
            text.append(10)
        }
        if kept.count > Self.most + Self.most / 10 { kept.removeFirst(kept.count - Self.most) }
        write(text, records.count)
    }

    private func write(_ text: [UInt8], _ count: Int) {
        if file < 0 { file = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600) }
        if file >= 0, HistoryFile.append(text, to: file) {
            size += text.count
        } else {
            unwritten += count
            size = HistoryFile.size(path) ?? 0
        }
    }

    private func rotate() {
        if file >= 0 { close(file) }
        file = -1
        rename(path, path + ".1")
        turn += 1
        size = 0
    }

    /// The newest first.
    package func find(_ filter: RecordFilter) -> [RequestRecord] {
        var found: [RequestRecord] = []
        for entry in kept.reversed() where found.count < max(0, filter.limit) {
            guard filter.isMet(by: entry.record) else { continue }
            let record = filter.text != nil || filter.id != nil ? whole(entry) : entry.record
            if filter.isMet(byTextOf: record) { found.append(record) }
        }
        return found
    }

    private func whole(_ entry: Kept) -> RequestRecord {
        guard entry.hasBodies, turn - entry.file <= 1,
            let bytes = HistoryFile.read(
                entry.file == turn ? path : path + ".1", from: entry.range.lowerBound, count: entry.range.count),
            let json = try? JSONValue(parsing: bytes), let record = RequestRecord(json), record.id == entry.record.id
        else { return entry.record }
        return record
    }

    /// Of a revision, the latest request that has a trace and this; for exemplars.
    package func latestTraced(_ isMeant: (RequestRecord) -> Bool) -> RequestRecord? {
        kept.last { !$0.record.trace.isEmpty && isMeant($0.record) }?.record
    }
}

extension RecordFilter {
    func isMet(by record: RequestRecord) -> Bool {
        func matches(_ wanted: String?, _ value: String) -> Bool { wanted.map { $0 == value } ?? true }
        let hasStatus = status.map { $0 < 10 ? record.status / 100 == $0 : record.status == $0 } ?? true
        return hasStatus && matches(id, record.id) && matches(namespace, record.namespace)
            && matches(service, record.service) && matches(revision, record.revision) && matches(caller, record.caller)
            && record.began >= since ?? .min && record.began < before ?? .max
    }

    func isMet(byTextOf record: RequestRecord) -> Bool {
        guard let text = text?.lowercased(), !text.isEmpty else { return true }
        return [record.path, record.caller, record.bodies?.request ?? "", record.bodies?.response ?? ""]
            .contains { $0.lowercased().contains(text) }
    }
}
