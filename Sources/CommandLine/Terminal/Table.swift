/// Rows in aligned columns, as kubectl prints them.
struct Table {
    var header: [String]
    var rows: [[String]]

    /// Columns three spaces apart, the last one not padded.
    func render() -> String {
        let lines = [header] + rows
        let widths = header.indices.map { column in lines.map { column < $0.count ? $0[column].count : 0 }.max() ?? 0 }
        return lines.map { line in
            line.enumerated().map { index, cell in
                index == line.count - 1 ? cell : cell + String(repeating: " ", count: widths[index] - cell.count + 3)
            }.joined()
        }.joined(separator: "\n")
    }
}
