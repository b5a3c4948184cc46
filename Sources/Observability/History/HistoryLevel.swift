import Glibc

/// How exactly and how long a level remembers. Times in milliseconds.
struct HistoryResolution: Sendable, Hashable {
    var name: String
    var interval: Int64
    /// Of a segment, which has `span / interval` ticks.
    var span: Int64
    /// How long what happened is remembered at least.
    var retention: Int64

    /// Two hours of every ten seconds, a day of every minute, eight days of every ten minutes.
    static let all = [
        HistoryResolution(name: "10s", interval: 10_000, span: 600_000, retention: 2 * 3_600_000),
        HistoryResolution(name: "1m", interval: 60_000, span: 3_600_000, retention: 24 * 3_600_000),
        HistoryResolution(name: "10m", interval: 600_000, span: 8 * 3_600_000, retention: 8 * 24 * 3_600_000),
    ]
}

/// One resolution of the history: closed segments on disk, the open one in memory and in a journal.
struct HistoryLevel: Sendable {
    let resolution: HistoryResolution
    private let directory: String
    private(set) var open: OpenSegment?
    private(set) var dropped = 0
    /// Starts of the closed segments, ascending.
    private(set) var closed: [Int64] = []
    private var journal: Int32 = -1
    /// A record could not be written: those that follow would make no sense without it.
    private var isJournalLost = false
    private let limit: Int

    /// Reads what is there; what is torn of the journal is dropped.
    ///
    /// - Parameters:
    ///   - directory: of the level alone; made where it is missing.
    ///   - limit: series at most.
    init(_ resolution: HistoryResolution, directory: String, limit: Int) {
        self.resolution = resolution
        self.directory = directory
        self.limit = limit
        mkdir(directory, 0o700)
        closed = HistoryFile.names(in: directory).compactMap {
            $0.hasSuffix(".segment") ? Int64($0.dropLast(".segment".count)) : nil
        }.sorted()
        recover()
    }

    private var journalPath: String { directory + "/journal" }
    private func path(_ start: Int64) -> String { "\(directory)/\(start).segment" }

    private mutating func recover() {
        guard let size = HistoryFile.size(journalPath), size < 1 << 30,
            let bytes = HistoryFile.read(journalPath, from: 0, count: size)
        else { return }
        var segment: OpenSegment?
        var texts: [String] = []
        let whole = JournalRecord.forEach(in: bytes) { payload in
            guard let tick = JournalRecord.Tick(payload) else { return false }
            if segment == nil { segment = OpenSegment(start: start(of: tick.time)) }
            return segment?.replay(tick, &texts) ?? false
        }
        // It was closed, and its journal not yet removed.
        guard let segment, !closed.contains(segment.start) else {
            unlink(journalPath)
            return
        }
        truncate(journalPath, off_t(whole))
        open = segment
    }

    private func start(of time: Int64) -> Int64 { time - time % resolution.span }

    /// Whether it is time for a tick.
    func isDue(at time: Int64) -> Bool {
        guard let last = open?.times.last else { return true }
        return time / resolution.interval > last / resolution.interval
    }

    mutating func append(_ samples: [HistorySample], at time: Int64) {
        if let segment = open, segment.start != start(of: time) || segment.times.count >= Int(UInt16.max) {
            close(segment)
        }
        // A clock that was set back must not make times that descend.
        if let last = open?.times.last, time <= last { return }
        if open == nil { open = OpenSegment(start: start(of: time)) }
        guard let written = open?.append(samples, at: time, limit: limit) else { return }
        dropped += written.dropped
        write(written.record)
    }

    private mutating func write(_ record: [UInt8]) {
        guard !isJournalLost else { return }
        if journal < 0 { journal = Glibc.open(journalPath, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600) }
        isJournalLost = journal < 0 || !HistoryFile.append(record, to: journal)
        if isJournalLost { forgetJournal() }
    }

    private mutating func close(_ segment: OpenSegment) {
        if !closed.contains(segment.start),
            HistoryFile.replace(path(segment.start), with: ClosedSegment.bytes(of: segment))
        {
            closed.append(segment.start)
            closed.sort()
        }
        forgetJournal()
        isJournalLost = false
        open = nil
        let oldest = segment.start - resolution.retention
        for start in closed where start < oldest { unlink(path(start)) }
        closed.removeAll { $0 < oldest }
    }

    private mutating func forgetJournal() {
        if journal >= 0 { Glibc.close(journal) }
        journal = -1
        unlink(journalPath)
    }

    /// The closed segments that have something of these times.
    func segments(from: Int64, to: Int64) -> [ClosedSegment] {
        closed.filter { $0 <= to && $0 + resolution.span > from }.compactMap { ClosedSegment(reading: path($0)) }
    }
}
