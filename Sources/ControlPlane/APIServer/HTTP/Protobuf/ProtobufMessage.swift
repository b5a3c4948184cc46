import FoundationEssentials
import JSONModel

/// What the numbers of a message's fields mean in JSON.
struct ProtobufMessage: Sendable {
    indirect enum Field: Sendable {
        case text(String)
        /// base64 in JSON.
        case bytes(String)
        case bool(String)
        case number(String)
        case texts(String)
        case message(String, ProtobufMessage)
        case messages(String, ProtobufMessage)
        case textMap(String)
        case bytesMap(String)
        /// The server writes it itself.
        case ignored
    }

    /// A field that the table does not know: better to refuse the object than to lose a part of it.
    struct UnknownField: Error {
        var number: Int
    }

    var fields: [Int: Field]

    /// Empty texts, zeros and empty messages are what Go writes for absent ones: they are left out.
    func json(_ bytes: ArraySlice<UInt8>) throws -> JSONValue {
        var json: JSONValue = [:]
        var reader = ProtobufReader(bytes)
        while let (number, value) = try reader.next() {
            guard let field = fields[number] else { throw UnknownField(number: number) }
            try add(value, as: field, to: &json)
        }
        return json
    }

    private func add(_ value: ProtobufReader.Value, as field: Field, to json: inout JSONValue) throws {
        switch (field, value) {
        case (.text(let key), .bytes(let bytes)): json[key] = bytes.isEmpty ? nil : .string(Self.text(bytes))
        case (.bytes(let key), .bytes(let bytes)): json[key] = Self.base64(bytes)
        case (.bool(let key), .number(let number)): json[key] = .bool(number != 0)
        case (.number(let key), .number(let number)):
            json[key] = number == 0 ? nil : .number(JSONNumber(Int(truncatingIfNeeded: number)))
        case (.texts(let key), .bytes(let bytes)): append(.string(Self.text(bytes)), to: &json[key])
        case (.message(let key, let message), .bytes(let bytes)):
            let inner = try message.json(bytes)
            json[key] = inner == [:] ? nil : inner
        case (.messages(let key, let message), .bytes(let bytes)): append(try message.json(bytes), to: &json[key])
        case (.textMap(let key), .bytes(let bytes)):
            let (name, content) = try Self.entry(bytes)
            json[path: key, name] = .string(Self.text(content))
        case (.bytesMap(let key), .bytes(let bytes)):
            let (name, content) = try Self.entry(bytes)
            json[path: key, name] = Self.base64(content)
        case (.ignored, _): break
        default: throw ProtobufReader.Malformed()
        }
    }

    private func append(_ element: JSONValue, to list: inout JSONValue?) {
        list = .array((list?.arrayValue ?? []) + [element])
    }

    private static func entry(_ bytes: ArraySlice<UInt8>) throws -> (String, ArraySlice<UInt8>) {
        var (key, content): (ArraySlice<UInt8>, ArraySlice<UInt8>) = ([], [])
        var reader = ProtobufReader(bytes)
        while let (number, value) = try reader.next() {
            guard case .bytes(let bytes) = value else { throw ProtobufReader.Malformed() }
            if number == 1 { key = bytes } else { content = bytes }
        }
        return (text(key), content)
    }

    private static func text(_ bytes: ArraySlice<UInt8>) -> String { String(decoding: bytes, as: UTF8.self) }
    private static func base64(_ bytes: ArraySlice<UInt8>) -> JSONValue { .string(Data(bytes).base64EncodedString()) }
}
