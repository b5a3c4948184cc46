/// The segment of a level that still grows: in memory compressed already, on disk a journal of what changed.
struct OpenSegment: Sendable {
    struct Series: Sendable {
        var name: SeriesName
        /// The tick that it begins with.
        var first: UInt16
        var stream: ValueStream
    }

    /// Milliseconds since 1970.
    let start: Int64
    private(set) var times: [Int64] = []
    private(set) var series: [Series] = []
    private var indices: [SeriesName: Int] = [:]
    /// Texts that were told to the journal.
    private var told: [String: UInt32] = [:]

    init(start: Int64) { self.start = start }

    /// Takes a tick.
    ///
    /// - Parameters:
    ///   - limit: this many series at most; what is beyond is left out.
    /// - Returns: The journal's record of it, and how many samples were left out.
    mutating func append(_ samples: [HistorySample], at time: Int64, limit: Int) -> (record: [UInt8], dropped: Int) {
        var record = JournalRecord(time: time)
        var present = [UInt64](repeating: ValueStream.absent, count: series.count)
        let known = series.count
        var dropped = 0
        let tick = UInt16(times.count)
        times.append(time)
        for sample in samples {
            if let index = indices[sample.name] {
                if index < known { present[index] = sample.value.bitPattern }
            } else if series.count < limit {
                begin(sample.name, sample.value.bitPattern, at: tick, &record)
            } else {
                dropped += 1
            }
        }
        for index in 0..<known where series[index].stream.last != present[index] {
            record.change(index, present[index])
        }
        for index in 0..<known { series[index].stream.append(present[index]) }
        return (record.bytes, dropped)
    }

    private mutating func begin(_ name: SeriesName, _ bits: UInt64, at tick: UInt16, _ record: inout JournalRecord) {
        let column = tell(name.column, &record)
        let labels = tell(name.labels, &record)
        record.begin(column, labels, bits)
        add(name, bits, at: tick)
    }

    private mutating func add(_ name: SeriesName, _ bits: UInt64, at tick: UInt16) {
        var stream = ValueStream()
        stream.append(bits)
        indices[name] = series.count
        series.append(Series(name: name, first: tick, stream: stream))
    }

    private mutating func tell(_ text: String, _ record: inout JournalRecord) -> UInt32 {
        if let number = told[text] { return number }
        let number = UInt32(told.count)
        told[text] = number
        record.text(text)
        return number
    }

    /// Takes a tick back from its record in the journal.
    ///
    /// - Parameter texts: what the records before told; this one's are added.
    /// - Returns: Whether it fits what came before; else nothing was taken.
    mutating func replay(_ tick: JournalRecord.Tick, _ texts: inout [String]) -> Bool {
        let all = texts + tick.texts
        for begun in tick.begun where Int(begun.column) >= all.count || Int(begun.labels) >= all.count { return false }
        for change in tick.changes where Int(change.series) >= series.count { return false }
        texts = all
        for text in tick.texts { told[text] = UInt32(told.count) }
        let number = UInt16(times.count)
        times.append(tick.time)
        var bits = series.map(\.stream.last)
        for change in tick.changes { bits[Int(change.series)] = change.bits }
        for index in series.indices { series[index].stream.append(bits[index]) }
        for begun in tick.begun {
            add(SeriesName(column: all[Int(begun.column)], labels: all[Int(begun.labels)]), begun.bits, at: number)
        }
        return true
    }
}
