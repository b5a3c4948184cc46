import JSONModel

/// An OpenAPI 2.0 document in the protobuf form of gnostic (`openapi.v2.Document`), the only one that kubectl before 1.27
/// reads. The numbers are those of gnostic's OpenAPIv2.proto.
enum Gnostic {
    /// - Parameter json: as `OpenAPIv2` builds it; other members than those it uses are left out.
    static func document(_ json: JSONValue) -> [UInt8] {
        var writer = ProtobufWriter()
        writer.add(1, json["swagger"]?.stringValue)
        writer.add(2) { info in
            info.add(1, json[path: "info", "title"]?.stringValue)
            info.add(2, json[path: "info", "version"]?.stringValue)
        }
        writer.add(8) { paths in
            for member in json["paths"]?.objectValue ?? [:] {
                named(2, member.key, &paths) { item in
                    guard let patch = member.value["patch"] else { return }
                    item.add(8) { operation(patch, &$0) }
                }
            }
        }
        writer.add(9) { definitions in
            for member in json["definitions"]?.objectValue ?? [:] {
                named(1, member.key, &definitions) { schema(member.value, &$0) }
            }
        }
        return writer.bytes
    }

    /// An entry of a map: `Named…` messages all have the name as field 1 and the value as field 2.
    private static func named(
        _ field: Int, _ name: String, _ writer: inout ProtobufWriter, _ value: (inout ProtobufWriter) -> Void
    ) {
        writer.add(field) { entry in
            entry.add(1, name)
            entry.add(2, message: value)
        }
    }

    private static func operation(_ json: JSONValue, _ writer: inout ProtobufWriter) {
        for parameter in json["parameters"]?.arrayValue ?? [] where parameter["in"] == "query" {
            // ParametersItem.parameter . Parameter.non_body_parameter . NonBodyParameter.query_parameter_sub_schema
            writer.add(8) { item in
                item.add(1) { parameterMessage in
                    parameterMessage.add(2) { nonBody in nonBody.add(3) { queryParameter(parameter, &$0) } }
                }
            }
        }
        writer.add(9) { responses in
            for member in json["responses"]?.objectValue ?? [:] {
                named(1, member.key, &responses) { value in
                    value.add(1) { $0.add(1, member.value["description"]?.stringValue) }
                }
            }
        }
        extensions(13, json, &writer)
    }

    private static func queryParameter(_ json: JSONValue, _ writer: inout ProtobufWriter) {
        writer.add(2, json["in"]?.stringValue)
        writer.add(4, json["name"]?.stringValue)
        writer.add(6, json["type"]?.stringValue)
        writer.add(20, json["uniqueItems"]?.boolValue ?? false)
    }

    private static func schema(_ json: JSONValue, _ writer: inout ProtobufWriter) {
        writer.add(1, json["$ref"]?.stringValue)
        writer.add(2, json["format"]?.stringValue)
        writer.add(4, json["description"]?.stringValue)
        if let value = json["default"] { writer.add(5) { any(value, &$0) } }
        writer.add(7, json["maximum"]?.doubleValue)
        writer.add(9, json["minimum"]?.doubleValue)
        writer.add(11, json["maxLength"]?.intValue)
        writer.add(12, json["minLength"]?.intValue)
        writer.add(13, json["pattern"]?.stringValue)
        writer.add(14, json["maxItems"]?.intValue)
        writer.add(15, json["minItems"]?.intValue)
        for name in json["required"]?.arrayValue ?? [] { writer.add(19, name.stringValue) }
        for value in json["enum"]?.arrayValue ?? [] { writer.add(20) { any(value, &$0) } }
        if let values = json["additionalProperties"], values.objectValue != nil {
            writer.add(21) { item in item.add(1) { schema(values, &$0) } }
        }
        if let type = json["type"]?.stringValue { writer.add(22) { $0.add(1, type) } }
        if let items = json["items"] { writer.add(23) { item in item.add(1) { schema(items, &$0) } } }
        if let properties = json["properties"]?.objectValue {
            writer.add(25) { message in
                for member in properties { named(1, member.key, &message) { schema(member.value, &$0) } }
            }
        }
        extensions(31, json, &writer)
    }

    private static func extensions(_ field: Int, _ json: JSONValue, _ writer: inout ProtobufWriter) {
        for member in json.objectValue ?? [:] where member.key.hasPrefix("x-") {
            named(field, member.key, &writer) { any(member.value, &$0) }
        }
    }

    /// gnostic keeps any value as YAML, which JSON is, too.
    private static func any(_ value: JSONValue, _ writer: inout ProtobufWriter) { writer.add(2, value.text) }
}
