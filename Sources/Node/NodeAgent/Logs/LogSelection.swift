import KubeClient

/// Which lines of a log a reader gets, and in which form.
struct LogSelection {
    private let since: String?
    private let stream: LogRecord.Stream?
    private let timestamps: Bool
    /// Matching lines still to be left out, before the tail.
    private var skipping: Int
    private var bytesLeft: Int
    /// Whether the next record begins a line, and if not, whether its line is shown.
    private var isAtStart = true
    private var isShown = false

    /// - Parameters:
    ///   - now: nanoseconds since 1970, for `sinceSeconds`.
    ///   - skipping: how many of the first lines that are in time are left out.
    init(_ options: PodLogOptions, now: Int64, skipping: Int = 0) {
        let ago = options.sinceSeconds.map { now - min(Int64(clamping: $0), now / 1_000_000_000) * 1_000_000_000 }
        since = (ago ?? options.sinceTime).map { LogRecord.time(nanoseconds: max(0, $0)) }
        stream = options.stream.map { $0 == .stdout ? .stdout : .stderr }
        timestamps = options.hasTimestamps
        bytesLeft = options.limitBytes ?? .max
        self.skipping = skipping
    }

    /// Nothing more will be shown.
    var isExhausted: Bool { bytesLeft == 0 }

    /// How many lines of `records` are in time.
    mutating func count(_ records: [UInt8]) -> Int {
        var count = 0
        for line in records.split(separator: UInt8(ascii: "\n")) {
            guard let record = LogRecord(line: line) else { continue }
            if isAtStart, isInTime(record) { count += 1 }
            isAtStart = !record.isPartial
        }
        return count
    }

    /// The answer's text for `records`: whole lines of the file, with their newlines.
    mutating func render(_ records: [UInt8]) -> [UInt8] {
        var text: [UInt8] = []
        for line in records.split(separator: UInt8(ascii: "\n")) {
            guard let record = LogRecord(line: line), stream.map({ $0 == record.stream }) ?? true else { continue }
            add(record, to: &text)
        }
        if text.count > bytesLeft { text.removeLast(text.count - bytesLeft) }
        bytesLeft -= text.count
        return text
    }

    private mutating func add(_ record: LogRecord, to text: inout [UInt8]) {
        let isFirst = isAtStart
        isAtStart = !record.isPartial
        if isFirst { isShown = isInTime(record) && !skip() }
        guard isShown else { return }
        if isFirst, timestamps { text += record.time + [UInt8(ascii: " ")] }
        text += record.text
        if !record.isPartial { text.append(UInt8(ascii: "\n")) }
    }

    private func isInTime(_ record: LogRecord) -> Bool {
        since.map { !record.time.lexicographicallyPrecedes($0.utf8) } ?? true
    }

    private mutating func skip() -> Bool {
        guard skipping > 0 else { return false }
        skipping -= 1
        return true
    }
}
