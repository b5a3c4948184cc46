import CEL
import FoundationEssentials
import JSONModel
import KubeModel

extension CELValue {
    /// The value of JSON as rules see it, typed by its schema: numbers are doubles and times are times where the schema
    /// says so. Fields that the schema does not name are not there, unless it preserves them.
    ///
    /// - Parameter isResource: whether it is a whole object, of whose metadata rules see the name only.
    init(_ json: JSONValue, _ schema: Schema, isResource: Bool = false) {
        switch json {
        case .object(let object): self = .map(Self.members(object, schema, isResource || schema.isEmbeddedResource))
        case .array(let elements):
            let items = schema.items.first ?? .any
            self = .list(elements.map { CELValue($0, items) })
        case .number(let number) where schema.type == .number: self = .double(number.double ?? 0)
        case .string(let text): self = Self.text(text, schema.format)
        default: self.init(json: json)
        }
    }

    private static func text(_ text: String, _ format: String?) -> CELValue {
        switch format {
        case "date-time": (try? Moment.timestamp(text)).map { .timestamp($0) } ?? .string(text)
        case "date": (try? Moment.timestamp("\(text)T00:00:00Z")).map { .timestamp($0) } ?? .string(text)
        case "duration": (try? Moment.duration(text)).map { .duration($0) } ?? .string(text)
        case "byte": Data(base64Encoded: text).map { .bytes([UInt8]($0)) } ?? .string(text)
        default: .string(text)
        }
    }

    private static func members(_ object: JSONObject, _ schema: Schema, _ isResource: Bool) -> [CELValue: CELValue] {
        var members: [CELValue: CELValue] = [:]
        for member in object {
            if isResource, ["apiVersion", "kind"].contains(member.key) {
                members[.string(member.key)] = CELValue(json: member.value)
            } else if isResource, member.key == "metadata" {
                members[.string("metadata")] = CELValue(json: named(member.value))
            } else if let property = schema.properties[member.key] {
                members[.string(escaped(member.key))] = CELValue(member.value, property)
            } else if let values = schema.additionalProperties.first {
                members[.string(member.key)] = CELValue(member.value, values)
            } else if schema.preservesUnknownFields || schema.type == nil {
                members[.string(member.key)] = CELValue(json: member.value)
            }
        }
        return members
    }

    private static func named(_ metadata: JSONValue) -> JSONValue {
        var named: JSONValue = [:]
        for key in ["generateName", "name"] { named[key] = metadata[key] }
        return named
    }

    /// What the language's grammar cannot say: `a-b` is `a__dash__b`.
    private static func escaped(_ name: String) -> String {
        if reserved.contains(name) { return "__\(name)__" }
        return name.replacing("__", with: "__underscores__").replacing(".", with: "__dot__")
            .replacing("-", with: "__dash__").replacing("/", with: "__slash__")
    }

    private static let reserved: Set<String> = [
        "true", "false", "null", "in", "as", "break", "const", "continue", "else", "for", "function", "if", "import",
        "let", "loop", "package", "namespace", "return", "var", "void", "while",
    ]
}
