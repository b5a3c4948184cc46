import JSONModel

/// One step of a path to a field, as `fieldsV1` writes it.
enum PathElement: Sendable, Hashable {
    /// `f:name`: a member of an object.
    case field(String)
    /// `k:{"name":"main"}`: the element of a list of maps that has these keys.
    case key(JSONObject)
    /// `v:"a"`: an element of a set.
    case value(JSONValue)
    /// `i:0`: a place in a list; Kubernetes reads it, but writes it no more.
    case index(Int)

    /// `nil` where `text` is no step that this program knows.
    init?(fieldsV1 text: String) {
        let rest = text.dropFirst(2)
        switch text.prefix(2) {
        case "f:": self = .field(String(rest))
        case "k:":
            guard case .object(let key)? = try? JSONValue(parsing: rest) else { return nil }
            self = .key(key)
        case "v:":
            guard let value = try? JSONValue(parsing: rest) else { return nil }
            self = .value(value)
        case "i:":
            guard let index = Int(rest) else { return nil }
            self = .index(index)
        default: return nil
        }
    }

    var fieldsV1: String {
        switch self {
        case .field(let name): "f:\(name)"
        case .key(let key): "k:\(JSONValue.object(key).text)"
        case .value(let value): "v:\(value.text)"
        case .index(let index): "i:\(index)"
        }
    }
}

/// As messages about conflicts write a path: `.spec.containers[name="main"].image`.
extension PathElement: CustomStringConvertible {
    var description: String {
        switch self {
        case .field(let name): ".\(name)"
        case .key(let key): "[\(key.map { "\($0.key)=\($0.value.text)" }.joined(separator: ","))]"
        case .value(let value): "[=\(value.text)]"
        case .index(let index): "[\(index)]"
        }
    }
}
