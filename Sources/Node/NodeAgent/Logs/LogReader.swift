import KubeClient

/// Reads one log for one reader, at the reader's own pace: the file is the buffer between the two.
actor LogReader {
    private let path: String
    private let options: PodLogOptions
    private let signals: LogSignals
    private let limits: LogFile.Limits
    private let now: Int64
    private let changes: AsyncStream<Void>
    private var cursor: LogCursor
    private var selection: LogSelection?

    init(path: String, options: PodLogOptions, signals: LogSignals, limits: LogFile.Limits, now: Int64) {
        self.path = path
        self.options = options
        self.signals = signals
        self.limits = limits
        self.now = now
        // Before the first read, so that no change after it is missed.
        changes = signals.changes(path)
        cursor = LogCursor(path: path, limits: limits)
    }

    deinit {
        var cursor = cursor
        cursor.close()
    }

    /// The next part of the answer; `nil` at the end.
    func next() async -> [UInt8]? {
        var selection = selection ?? selectionFromTail()
        defer { self.selection = selection }
        while !Task.isCancelled, !selection.isExhausted {
            // Asked first: what is written before a log is closed is read after this.
            let mayGrow = options.follows && signals.isOpen(path)
            let records = cursor.read()
            guard records.isEmpty else {
                let text = selection.render(records)
                if !text.isEmpty { return text }
                continue
            }
            guard mayGrow else { return nil }
            var iterator = changes.makeAsyncIterator()
            _ = await iterator.next(isolation: self)
        }
        return nil
    }

    /// Reads the log once to know where its last lines begin; with its files bounded, that is a matter of milliseconds.
    private func selectionFromTail() -> LogSelection {
        guard let tail = options.tailLines else { return LogSelection(options, now: now) }
        var count = 0
        var counting = LogSelection(options, now: now)
        var cursor = LogCursor(path: path, limits: limits)
        defer { cursor.close() }
        while case let records = cursor.read(), !records.isEmpty { count += counting.count(records) }
        return LogSelection(options, now: now, skipping: max(0, count - tail))
    }
}
