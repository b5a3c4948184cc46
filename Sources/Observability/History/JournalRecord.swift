/// One tick in a level's journal: what is new and what changed. What did not change is not written, so that a service that
/// nobody calls costs nothing.
///
///     length, check | time | texts | begun: column, labels, bits | changed: series, bits
struct JournalRecord {
    struct Begun { var (column, labels, bits): (UInt32, UInt32, UInt64) }
    struct Change { var (series, bits): (UInt32, UInt64) }

    private let time: Int64
    private var texts: [String] = []
    private var begun: [Begun] = []
    private var changes: [Change] = []

    init(time: Int64) { self.time = time }

    mutating func text(_ text: String) { texts.append(text) }
    mutating func begin(_ column: UInt32, _ labels: UInt32, _ bits: UInt64) {
        begun.append(Begun(column: column, labels: labels, bits: bits))
    }
    mutating func change(_ series: Int, _ bits: UInt64) {
        changes.append(Change(series: UInt32(series), bits: bits))
    }

    var bytes: [UInt8] {
        var payload: [UInt8] = []
        payload.append(number: time)
        payload.append(number: UInt32(texts.count))
        for text in texts { payload.append(text: text) }
        payload.append(number: UInt32(begun.count))
        for series in begun {
            payload.append(number: series.column)
            payload.append(number: series.labels)
            payload.append(number: series.bits)
        }
        payload.append(number: UInt32(changes.count))
        for change in changes {
            payload.append(number: change.series)
            payload.append(number: change.bits)
        }
        var record: [UInt8] = []
        record.append(number: UInt32(payload.count))
        record.append(number: Checksum.of(payload[...]))
        return record + payload
    }

    /// The payloads of a journal, up to the first one that is torn.
    ///
    /// - Returns: How many bytes of the journal are whole.
    static func forEach(in journal: [UInt8], _ body: (ArraySlice<UInt8>) -> Bool) -> Int {
        var reader = ByteReader(journal[...])
        var whole = 0
        while let length = reader.number(UInt32.self), let check = reader.number(UInt64.self),
            let payload = reader.slice(Int(length)), Checksum.of(payload) == check, body(payload)
        { whole = journal.count - reader.left }
        return whole
    }

    /// A record that was read.
    struct Tick {
        var time: Int64
        var texts: [String] = []
        var begun: [Begun] = []
        var changes: [Change] = []

        init?(_ payload: ArraySlice<UInt8>) {
            var reader = ByteReader(payload)
            guard let time = reader.number(Int64.self), let count = reader.number(UInt32.self) else { return nil }
            self.time = time
            for _ in 0..<count {
                guard let text = reader.text() else { return nil }
                texts.append(text)
            }
            guard let new = reader.number(UInt32.self) else { return nil }
            for _ in 0..<new {
                guard let column = reader.number(UInt32.self), let labels = reader.number(UInt32.self),
                    let bits = reader.number(UInt64.self)
                else { return nil }
                begun.append(Begun(column: column, labels: labels, bits: bits))
            }
            guard let changed = reader.number(UInt32.self) else { return nil }
            for _ in 0..<changed {
                guard let series = reader.number(UInt32.self), let bits = reader.number(UInt64.self) else { return nil }
                changes.append(Change(series: series, bits: bits))
            }
        }
    }
}
