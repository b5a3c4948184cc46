/// Gathers the tracks of the series that a query means from segments, open and closed.
struct TrackReader {
    private struct Piece {
        /// Of the gathered times.
        var base: Int
        var ticks: Range<Int>
        var first: Int
        var count: Int
        var numbers: () -> [UInt8]
    }

    private let query: HistoryQuery
    private let from: Int64
    private let to: Int64
    private var times: [Int64] = []
    private var pieces: [SeriesName: [Piece]] = [:]

    /// Milliseconds since 1970.
    init(_ query: HistoryQuery, from: Int64, to: Int64) {
        self.query = query
        self.from = from
        self.to = to
    }

    mutating func add(_ level: HistoryLevel) {
        for segment in level.segments(from: from, to: to) { add(segment) }
        if let open = level.open { add(open) }
    }

    private mutating func add(_ segment: ClosedSegment) {
        guard let (base, ticks) = take(segment.times) else { return }
        let columns = segment.columns.map(isWanted(column:))
        let labels = segment.labels.map(isWanted(labels:))
        for entry in segment.entries where columns[entry.column] && labels[entry.labels] {
            let name = SeriesName(column: segment.columns[entry.column], labels: segment.labels[entry.labels])
            pieces[name, default: []].append(
                Piece(base: base, ticks: ticks, first: entry.first, count: entry.count) { segment.numbers(of: entry) })
        }
    }

    private mutating func add(_ segment: OpenSegment) {
        guard let (base, ticks) = take(segment.times) else { return }
        var (columns, labels): ([String: Bool], [String: Bool]) = ([:], [:])
        for series in segment.series {
            let isColumn = columns[series.name.column] ?? isWanted(column: series.name.column)
            columns[series.name.column] = isColumn
            guard isColumn else { continue }
            let hasLabels = labels[series.name.labels] ?? isWanted(labels: series.name.labels)
            labels[series.name.labels] = hasLabels
            guard hasLabels else { continue }
            pieces[series.name, default: []].append(
                Piece(base: base, ticks: ticks, first: Int(series.first), count: Int(series.stream.count)) {
                    series.stream.bytes
                })
        }
    }

    /// The ticks of a segment that are asked for and come after what there is already.
    private mutating func take(_ times: [Int64]) -> (base: Int, ticks: Range<Int>)? {
        let after = max(from - 1, self.times.last ?? .min)
        guard let start = times.firstIndex(where: { $0 > after }) else { return nil }
        let end = times.firstIndex { $0 > to } ?? times.count
        guard start < end else { return nil }
        let base = self.times.count
        self.times += times[start..<end]
        return (base, start..<end)
    }

    private func isWanted(column: String) -> Bool {
        let name = SeriesName(column: column, labels: "")
        if case .quantile = query.reading { return name.le != nil && name.metric == query.metric + "_bucket" }
        return name.column == query.metric
    }

    private func isWanted(labels text: String) -> Bool {
        guard !query.matching.isEmpty else { return true }
        let labels = SeriesName.labels(text)
        return query.matching.allSatisfy { (labels[$0.key] ?? "") == $0.value }
    }

    /// - Parameter patience: see `SeriesTrack`.
    func forEach(patience: Int64, _ body: (SeriesName, SeriesTrack) -> Void) {
        for (name, pieces) in pieces {
            var values = [Double](repeating: .nan, count: times.count)
            for piece in pieces { read(piece, into: &values) }
            body(name, SeriesTrack(times: times, values: values, patience: patience))
        }
    }

    private func read(_ piece: Piece, into values: inout [Double]) {
        let bytes = piece.numbers()
        var reader = ValueReader(bytes[...], count: piece.count)
        var tick = piece.first
        while tick < piece.ticks.upperBound, let bits = reader.next() {
            if tick >= piece.ticks.lowerBound, bits != ValueStream.absent {
                values[piece.base + tick - piece.ticks.lowerBound] = Double(bitPattern: bits)
            }
            tick += 1
        }
    }
}
