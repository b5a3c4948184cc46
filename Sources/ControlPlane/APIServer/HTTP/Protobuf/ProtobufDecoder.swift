import FoundationEssentials
import JSONModel

/// Makes JSON of messages.
struct ProtobufDecoder: Sendable {
    /// A field that the table does not know, with something in it: better to refuse the object than to lose a part.
    struct UnknownField: Error {
        var message: String
        var number: Int
    }

    let table: ProtobufTable

    func json(_ bytes: ArraySlice<UInt8>, of message: ProtobufMessage) throws -> JSONValue {
        var json: JSONValue = [:]
        try read(bytes, of: message, into: &json)
        return json
    }

    private func read(_ bytes: ArraySlice<UInt8>, of message: ProtobufMessage, into json: inout JSONValue) throws {
        var reader = ProtobufReader(bytes)
        // Beside the object until they are whole: an element at a time would copy what is there each time.
        var lists: [String: [JSONValue]] = [:]
        var maps: [String: [String: JSONValue]] = [:]
        while let (number, value) = try reader.next() {
            guard let field = message.fields[number] else {
                guard value.isEmpty else { throw UnknownField(message: message.name, number: number) }
                continue
            }
            switch field.shape {
            case .one:
                let element = try element(value, field.kind)
                json[field.name] = field.keepsEmpty || !element.isGoEmpty ? element : nil
            case .list: lists[field.name, default: []].append(try element(value, field.kind))
            case .map:
                let (key, element) = try entry(value.message(), field.kind)
                maps[field.name, default: [:]][key] = element
            case .inline:
                guard case .message(let place) = field.kind else { throw ProtobufReader.Malformed() }
                try read(value.message(), of: table.message(place), into: &json)
            }
        }
        for (name, list) in lists { json[name] = .array(list) }
        for (name, map) in maps { json[name] = .object(JSONObject(map.map { ($0.key, $0.value) })) }
    }

    private func entry(
        _ bytes: ArraySlice<UInt8>, _ kind: ProtobufField.Kind
    ) throws -> (key: String, JSONValue) {
        var key = ""
        var content = ProtobufReader.Value.bytes([])
        var reader = ProtobufReader(bytes)
        while let (number, value) = try reader.next() {
            if number == 1 { key = try value.text() } else { content = value }
        }
        return (key, try element(content, kind))
    }

    private func element(_ value: ProtobufReader.Value, _ kind: ProtobufField.Kind) throws -> JSONValue {
        switch kind {
        case .string: .string(try value.text())
        case .bytes: .string(Data(try value.message()).base64EncodedString())
        case .bool: .bool(try value.integer() != 0)
        case .int: .number(JSONNumber(try value.integer()))
        case .message(let place): try json(value.message(), of: table.message(place))
        case .strings: try json(value.message(), of: Self.strings)["items"] ?? []
        case .raw: try Self.raw(value.message())
        case .time: try ProtobufTime(value.message()).text
        case .microTime: try ProtobufTime(value.message()).microText
        case .quantity: .string(try Self.first(value.message())?.text() ?? "0")
        case .intOrString: try Self.intOrString(value.message())
        }
    }

    private static let strings = ProtobufMessage(
        name: "strings",
        fields: [1: ProtobufField(number: 1, name: "items", shape: .list, kind: .string, keepsEmpty: true)])

    /// The last field number 1 of a message.
    private static func first(_ bytes: ArraySlice<UInt8>) throws -> ProtobufReader.Value? {
        var reader = ProtobufReader(bytes)
        var first: ProtobufReader.Value?
        while let (number, value) = try reader.next() {
            if number == 1 { first = value }
        }
        return first
    }

    private static func raw(_ bytes: ArraySlice<UInt8>) throws -> JSONValue {
        guard let text = try first(bytes)?.message(), !text.isEmpty else { return [:] }
        do { return try JSONValue(parsing: Array(text)) } catch { throw ProtobufReader.Malformed() }
    }

    /// 1: which one it is (0 the integer, 1 the text), 2: the integer, 3: the text.
    private static func intOrString(_ bytes: ArraySlice<UInt8>) throws -> JSONValue {
        var (isText, integer, text) = (false, 0, "")
        var reader = ProtobufReader(bytes)
        while let (number, value) = try reader.next() {
            switch number {
            case 1: isText = try value.integer() != 0
            case 2: integer = try value.integer()
            case 3: text = try value.text()
            default: break
            }
        }
        return isText ? .string(text) : .number(JSONNumber(integer))
    }
}

extension JSONValue {
    /// What Go writes for nothing, because a struct is always there.
    fileprivate var isGoEmpty: Bool {
        switch self {
        case .null, .bool(false), .string(""): true
        case .number(let number): number.int == 0
        case .object(let object): object.isEmpty
        default: false
        }
    }
}
