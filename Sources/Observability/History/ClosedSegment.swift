import Glibc

/// A segment that does not grow any more: a file, of which only the head is read until its numbers are asked for.
///
///     magic | length of the head | times | columns | labels | series: column, labels, first, count, offset, length | numbers
struct ClosedSegment: Sendable {
    struct Entry: Sendable {
        var column: Int
        var labels: Int
        var first: Int
        var count: Int
        /// In the part after the head.
        var range: Range<Int>
    }

    private static let magic = Array("martlet history 1\n".utf8)
    private static let entrySize = 20

    let path: String
    let times: [Int64]
    let columns: [String]
    let labels: [String]
    let entries: [Entry]
    private let base: Int

    static func bytes(of segment: OpenSegment) -> [UInt8] {
        var (columns, labels) = (TextTable(), TextTable())
        var (directory, numbers): ([UInt8], [UInt8]) = ([], [])
        for series in segment.series {
            directory.append(number: columns.number(of: series.name.column))
            directory.append(number: labels.number(of: series.name.labels))
            directory.append(number: series.first)
            directory.append(number: series.stream.count)
            directory.append(number: UInt32(numbers.count))
            directory.append(number: UInt32(series.stream.bytes.count))
            numbers += series.stream.bytes
        }
        var head: [UInt8] = []
        head.append(number: UInt32(segment.times.count))
        for time in segment.times { head.append(number: time) }
        for table in [columns, labels] {
            head.append(number: UInt32(table.texts.count))
            for text in table.texts { head.append(text: text) }
        }
        head.append(number: UInt32(segment.series.count))
        head += directory
        var file = magic
        file.append(number: UInt32(head.count))
        return file + head + numbers
    }

    /// - Returns: `nil` where the file is none of these.
    init?(reading path: String) {
        guard let start = HistoryFile.read(path, from: 0, count: Self.magic.count + 4),
            start.starts(with: Self.magic)
        else { return nil }
        var lengthReader = ByteReader(start[Self.magic.count...])
        guard let length = lengthReader.number(UInt32.self).map(Int.init), length < 64 << 20,
            let head = HistoryFile.read(path, from: start.count, count: length)
        else { return nil }
        self.path = path
        base = start.count + length
        var reader = ByteReader(head[...])
        guard let times = Self.times(&reader), let columns = Self.texts(&reader), let labels = Self.texts(&reader),
            let entries = Self.entries(&reader, columns.count, labels.count)
        else { return nil }
        (self.times, self.columns, self.labels, self.entries) = (times, columns, labels, entries)
    }

    private static func times(_ reader: inout ByteReader) -> [Int64]? {
        guard let count = reader.number(UInt32.self), Int(count) * 8 <= reader.left else { return nil }
        var times: [Int64] = []
        for _ in 0..<count { reader.number(Int64.self).map { times.append($0) } }
        return times
    }

    private static func texts(_ reader: inout ByteReader) -> [String]? {
        guard let count = reader.number(UInt32.self), Int(count) * 4 <= reader.left else { return nil }
        var texts: [String] = []
        for _ in 0..<count {
            guard let text = reader.text() else { return nil }
            texts.append(text)
        }
        return texts
    }

    private static func entries(_ reader: inout ByteReader, _ columns: Int, _ labels: Int) -> [Entry]? {
        guard let count = reader.number(UInt32.self), Int(count) * entrySize <= reader.left else { return nil }
        var entries: [Entry] = []
        entries.reserveCapacity(Int(count))
        for _ in 0..<count {
            guard let column = reader.number(UInt32.self), let label = reader.number(UInt32.self),
                let first = reader.number(UInt16.self), let values = reader.number(UInt16.self),
                let offset = reader.number(UInt32.self), let length = reader.number(UInt32.self),
                column < columns, label < labels
            else { return nil }
            let range = Int(offset)..<Int(offset) + Int(length)
            entries.append(
                Entry(column: Int(column), labels: Int(label), first: Int(first), count: Int(values), range: range))
        }
        return entries
    }

    /// - Returns: Empty where the file is gone.
    func numbers(of entry: Entry) -> [UInt8] {
        HistoryFile.read(path, from: base + entry.range.lowerBound, count: entry.range.count) ?? []
    }
}

/// Texts by number, each once.
private struct TextTable {
    private(set) var texts: [String] = []
    private var numbers: [String: UInt32] = [:]

    mutating func number(of text: String) -> UInt32 {
        if let number = numbers[text] { return number }
        let number = UInt32(texts.count)
        numbers[text] = number
        texts.append(text)
        return number
    }
}
