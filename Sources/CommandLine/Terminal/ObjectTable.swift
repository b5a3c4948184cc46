import JSONModel

/// A `meta.k8s.io/v1 Table` as an API server answers with, for people to read.
struct ObjectTable {
    let text: String

    /// `nil` where the table has no rows.
    init?(_ json: JSONValue, isWide: Bool, showsNamespace: Bool) {
        let columns = json["columnDefinitions"]?.arrayValue ?? []
        let shown = columns.indices.filter { isWide || (columns[$0]["priority"]?.intValue ?? 0) == 0 }
        let rows = json["rows"]?.arrayValue ?? []
        guard !rows.isEmpty else { return nil }
        var header = shown.map { (columns[$0]["name"]?.stringValue ?? "").uppercased() }
        if showsNamespace { header.insert("NAMESPACE", at: 0) }
        let cells = rows.map { row -> [String] in
            var cells = shown.map { Self.cell(row["cells"]?[$0]) }
            if showsNamespace { cells.insert(row[path: "object", "metadata", "namespace"]?.stringValue ?? "", at: 0) }
            return cells
        }
        text = Table(header: header, rows: cells).render()
    }

    private static func cell(_ value: JSONValue?) -> String {
        switch value {
        case .string(let text): text
        case .null, nil: ""
        case .some(let other): other.text
        }
    }
}
