import JSONModel

extension Validation {
    mutating func validateString(_ text: String, _ schema: Schema) {
        if !schema.enumeration.isEmpty, !schema.enumeration.contains(text) {
            causes.append(.notSupported(path, quoted(text), supported: schema.enumeration))
        }
        let length = schema.minLength == nil && schema.maxLength == nil ? 0 : text.unicodeScalars.count
        if let minimum = schema.minLength, length < minimum {
            causes.append(.invalid(path, quoted(text), "must have at least \(minimum) characters"))
        }
        if let maximum = schema.maxLength, length > maximum {
            report("FieldValueTooLong", "Too long: may not have more than \(maximum) characters, has \(length)")
        }
        if let pattern = schema.pattern, !Pattern.matches(text, pattern) {
            causes.append(.invalid(path, quoted(text), "must match the pattern \(pattern)"))
        }
        if let format = schema.format, let problem = Format.problem(of: text, format) {
            causes.append(.invalid(path, quoted(text), problem))
        }
    }

    mutating func validateNumber(_ number: JSONNumber, _ schema: Schema) {
        guard let value = number.double else { return }
        if let minimum = schema.minimum, value < minimum {
            causes.append(.invalid(path, number.literal, "must be at least \(JSONNumber(minimum).literal)"))
        }
        if let maximum = schema.maximum, value > maximum {
            causes.append(.invalid(path, number.literal, "must be at most \(JSONNumber(maximum).literal)"))
        }
        if schema.format == "int32", number.int.map({ Int32(exactly: $0) == nil }) ?? true {
            causes.append(.invalid(path, number.literal, "must fit into 32 bits"))
        }
    }

    private func quoted(_ text: String) -> String { JSONValue.string(text).excerpt }
}

/// The formats of strings that are checked; others only document.
enum Format {
    /// What is wrong with `text`; `nil` where it is well-formed, or the format is not checked.
    static func problem(of text: String, _ format: String) -> String? {
        switch format {
        case "date-time":
            Timestamp.seconds(text) == nil ? "must be a time such as 2026-01-31T12:00:00Z (RFC 3339)" : nil
        case "byte": isBase64(text) ? nil : "must be base64"
        case Quantity.format:
            Quantity(text) == nil ? "must be a quantity such as 500m, 2, 1.5Gi (\(Quantity.rule))" : nil
        default: problem(ofText: text, format)
        }
    }

    /// Standard base64 with its padding, as Go's decoder wants it; line breaks are allowed.
    private static func isBase64(_ text: String) -> Bool {
        let bytes = text.utf8.filter { $0 != 0x0A && $0 != 0x0D }
        guard bytes.count % 4 == 0 else { return false }
        let padding = bytes.reversed().prefix { $0 == UInt8(ascii: "=") }.count
        return padding <= 2 && bytes.dropLast(padding).allSatisfy(isBase64Digit)
    }

    private static func isBase64Digit(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "/"):
            true
        default: false
        }
    }
}
