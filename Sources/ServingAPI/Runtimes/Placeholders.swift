import JSONModel
import KubeModel

/// The placeholders of runtimes: `{{.Name}}`, `{{.Namespace}}`, `{{.Labels.x}}` and `{{.Annotations.x}}` stand for the
/// metadata of the InferenceService. They are replaced inside the strings of a value, so that no text can break out of
/// its string; `{{"{{"}}` writes two braces.
enum Placeholders {
    static let expectation =
        "unknown placeholder; known are {{.Name}}, {{.Namespace}}, {{.Labels.<key>}} and {{.Annotations.<key>}}"

    /// A placeholder that stands for nothing.
    struct Failure: Error, Equatable, CustomStringConvertible {
        let placeholder: String
        let reason: String

        var description: String { "\(placeholder): \(reason)" }
    }

    private enum Reference {
        case name, namespace, label(String), annotation(String), literal(String)
    }

    /// Replaces every placeholder in `value`.
    static func replace(in value: inout JSONValue, from service: Object) throws(Failure) {
        switch value {
        case .string(let text) where text.contains("{{"): value = .string(try expand(text, from: service))
        case .array(var elements):
            for index in elements.indices { try replace(in: &elements[index], from: service) }
            value = .array(elements)
        case .object(var object):
            for key in object.keys {
                guard var member = object[key] else { continue }
                try replace(in: &member, from: service)
                object[key] = member
            }
            value = .object(object)
        default: return
        }
    }

    /// The placeholders in `value` that no InferenceService can fill.
    static func unknown(in value: JSONValue) -> [String] {
        switch value {
        case .string(let text): parts(text).compactMap { $0.isPlaceholder && parse($0.text) == nil ? $0.source : nil }
        case .array(let elements): elements.flatMap(unknown)
        case .object(let object): object.flatMap { unknown(in: $0.value) }
        default: []
        }
    }

    private static func expand(_ text: String, from service: Object) throws(Failure) -> String {
        var result = ""
        for part in parts(text) {
            result += part.isPlaceholder ? try resolve(part, from: service) : part.source
        }
        return result
    }

    private static func resolve(_ part: Part, from service: Object) throws(Failure) -> String {
        switch parse(part.text) {
        case .name: return service.name
        case .namespace: return service.namespace ?? ""
        case .literal(let text): return text
        case .label(let key):
            if let value = service.labels[key] { return value }
            throw Failure(placeholder: part.source, reason: "the InferenceService has no label \(key)")
        case .annotation(let key):
            if let value = service.annotations[key] { return value }
            throw Failure(placeholder: part.source, reason: "the InferenceService has no annotation \(key)")
        case nil: throw Failure(placeholder: part.source, reason: expectation)
        }
    }

    private static func parse(_ text: Substring) -> Reference? {
        if text == ".Name" { return .name }
        if text == ".Namespace" { return .namespace }
        if text.count >= 2, text.first == "\"", text.last == "\"" {
            return .literal(String(text.dropFirst().dropLast()))
        }
        for (prefix, make) in [(".Labels.", Reference.label), (".Annotations.", Reference.annotation)] {
            let key = text.dropFirst(prefix.count)
            if text.hasPrefix(prefix), !key.isEmpty, !key.contains(where: \.isWhitespace) { return make(String(key)) }
        }
        return nil
    }
}
