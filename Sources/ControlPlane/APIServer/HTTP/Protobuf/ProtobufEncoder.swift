import FoundationEssentials
import JSONModel

/// Makes messages of JSON. Members that the table does not know are left out: the one who reads it knows no more.
struct ProtobufEncoder: Sendable {
    /// A value that is not of its field's type.
    struct Mismatch: Error {
        var field: String
    }

    let table: ProtobufTable

    func bytes(_ json: JSONValue, of message: ProtobufMessage) throws(Mismatch) -> [UInt8] {
        var writer = ProtobufWriter()
        for field in message.fields.values.sorted(by: { $0.number < $1.number }) {
            try write(json, field, to: &writer)
        }
        return writer.bytes
    }

    private func write(_ json: JSONValue, _ field: ProtobufField, to writer: inout ProtobufWriter) throws(Mismatch) {
        if field.shape == .inline, case .message(let place) = field.kind {
            return writer.append(field.number, bytes: try bytes(json, of: table.message(place)))
        }
        guard let value = json[field.name], !value.isNull else { return }
        switch field.shape {
        case .one, .inline: try write(value, field, field.number, to: &writer)
        case .list:
            for element in value.arrayValue ?? [] { try write(element, field, field.number, to: &writer) }
        case .map:
            for member in value.objectValue ?? [:] {
                var entry = ProtobufWriter()
                entry.append(1, bytes: Array(member.key.utf8))
                try write(member.value, field, 2, to: &entry)
                writer.append(field.number, bytes: entry.bytes)
            }
        }
    }

    private func write(
        _ value: JSONValue, _ field: ProtobufField, _ number: Int, to writer: inout ProtobufWriter
    ) throws(Mismatch) {
        switch (field.kind, value) {
        case (.bool, .bool(let bool)): writer.append(number, integer: bool ? 1 : 0)
        case (.int, .number(let literal)):
            guard let integer = literal.int else { throw Mismatch(field: field.name) }
            writer.append(number, integer: integer)
        case (.message(let place), .object):
            writer.append(number, bytes: try bytes(value, of: table.message(place)))
        default:
            guard let content = Self.content(value, field.kind) else { throw Mismatch(field: field.name) }
            writer.append(number, bytes: content)
        }
    }

    /// What is bytes on the wire, with its message around it.
    private static func content(_ value: JSONValue, _ kind: ProtobufField.Kind) -> [UInt8]? {
        var inner = ProtobufWriter()
        switch (kind, value) {
        case (.string, .string(let text)): return Array(text.utf8)
        case (.bytes, .string(let text)): return Data(base64Encoded: text).map { [UInt8]($0) }
        case (.quantity, .string(let text)): inner.append(1, bytes: Array(text.utf8))
        case (.quantity, .number(let number)): inner.append(1, bytes: Array(number.literal.utf8))
        case (.raw, _): inner.append(1, bytes: value.serialized())
        case (.strings, .array(let texts)):
            for text in texts { inner.append(1, bytes: Array((text.stringValue ?? "").utf8)) }
        case (.time, .string(let text)), (.microTime, .string(let text)):
            guard let time = ProtobufTime(text: text) else { return nil }
            time.write(&inner)
        case (.time, .null), (.microTime, .null): break
        case (.intOrString, .number(let number)):
            inner.append(1, integer: 0)
            inner.append(2, integer: number.int ?? 0)
        case (.intOrString, .string(let text)):
            inner.append(1, integer: 1)
            inner.append(3, bytes: Array(text.utf8))
        default: return nil
        }
        return inner.bytes
    }
}
