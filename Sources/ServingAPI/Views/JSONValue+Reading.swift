package import JSONModel

// The words that views are written in.
extension JSONValue {
    /// A text that says something.
    package var nonEmptyString: String? { stringValue.flatMap { $0.isEmpty ? nil : $0 } }

    /// The members that are strings.
    var strings: [String: String] {
        (objectValue ?? [:]).reduce(into: [:]) { $0[$1.key] = $1.value.stringValue }
    }

    /// The elements that are strings.
    var words: [String] { (arrayValue ?? []).compactMap(\.stringValue) }
}

extension [String: String] {
    var json: JSONValue { .object(JSONObject(map { ($0.key, JSONValue.string($0.value)) })) }
}
