/// One field of a message: its number on the wire, and its name and type in JSON.
struct ProtobufField: Sendable, Hashable {
    enum Shape: Sendable, Hashable {
        case one
        case list
        /// By texts.
        case map
        /// A message whose fields are the outer object's in JSON.
        case inline
    }

    enum Kind: Sendable, Hashable {
        case string
        /// base64 in JSON.
        case bytes
        case bool
        case int
        /// RFC 3339 in JSON, whole seconds; `microTime` has six more digits.
        case time
        case microTime
        case quantity
        case intOrString
        /// JSON as it is (`RawExtension`, `FieldsV1`).
        case raw
        /// A message around a list of texts.
        case strings
        /// The message at this place of the table.
        case message(Int)
    }

    var number: Int
    var name: String
    var shape: Shape
    var kind: Kind
    /// Whether an empty text, a zero or an empty message is a value, not Go's way to write that there is none.
    var keepsEmpty: Bool
}

/// A message: its fields by their numbers.
struct ProtobufMessage: Sendable {
    var name: String
    var fields: [Int: ProtobufField]
}
