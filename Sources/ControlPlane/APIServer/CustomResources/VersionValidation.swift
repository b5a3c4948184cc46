import JSONModel
import KubeModel

/// What is wrong with one of a CustomResourceDefinition's versions.
struct VersionValidation {
    private let version: JSONValue
    private let path: FieldPath
    private var causes: [Status.Cause] = []

    static func causes(_ version: JSONValue, at path: FieldPath) -> [Status.Cause] {
        var validation = VersionValidation(version: version, path: path)
        validation.checkName()
        validation.checkSchema()
        validation.checkColumns()
        validation.checkSubresources()
        validation.checkSelectableFields()
        return validation.causes
    }

    private init(version: JSONValue, path: FieldPath) {
        self.version = version
        self.path = path
    }

    private mutating func checkName() {
        let name = version["name"]?.stringValue ?? ""
        if let problem = NameRule.dns1035Label.problem(name) {
            causes.append(.invalid(path.field("name"), name.asJSON, problem))
        }
        guard let warning = version["deprecationWarning"]?.stringValue else { return }
        let field = path.field("deprecationWarning")
        if version["deprecated"]?.boolValue != true {
            causes.append(.invalid(field, warning.asJSON, "can only be set for deprecated versions"))
        }
        if warning.isEmpty || warning.utf8.count > 256 || warning.contains(where: \.isNewline) {
            causes.append(.invalid(field, warning.asJSON, "must be one line of 1 to 256 bytes"))
        }
    }

    private mutating func checkSchema() {
        let field = path.field("schema").field("openAPIV3Schema")
        guard let schema = version[path: "schema", "openAPIV3Schema"] else {
            return causes.append(.required(field, "schemas are required"))
        }
        causes += StructuralSchema.causes(schema, at: field)
    }

    private mutating func checkColumns() {
        let types = ["boolean", "date", "integer", "number", "string"]
        let formats = ["byte", "date", "date-time", "double", "float", "int32", "int64", "password"]
        for (index, column) in (version["additionalPrinterColumns"]?.arrayValue ?? []).enumerated() {
            let path = path.field("additionalPrinterColumns").index(index)
            func text(_ key: String) -> String { column[key]?.stringValue ?? "" }
            if text("name").isEmpty { causes.append(.required(path.field("name"), "the column's title")) }
            if text("type").isEmpty {
                causes.append(.required(path.field("type"), "must be one of \(types.joined(separator: ","))"))
            } else if !types.contains(text("type")) {
                causes.append(.notSupported(path.field("type"), text("type").asJSON, supported: types))
            }
            if !text("format").isEmpty, !formats.contains(text("format")) {
                causes.append(.notSupported(path.field("format"), text("format").asJSON, supported: formats))
            }
            checkPath(text("jsonPath"), at: path.field("jsonPath"))
        }
    }

    private mutating func checkPath(_ text: String, at path: FieldPath) {
        if text.isEmpty { return causes.append(.required(path, "a JSON path such as .spec.replicas")) }
        guard text.hasPrefix(".") else {
            return causes.append(.invalid(path, text.asJSON, "is an invalid path: it must start with \".\""))
        }
        do throws(JSONPathError) { _ = try JSONPath(parsing: text) } catch {
            causes.append(.invalid(path, text.asJSON, "is an invalid path: \(error)"))
        }
    }

    private mutating func checkSubresources() {
        guard let scale = version[path: "subresources", "scale"] else { return }
        let path = path.field("subresources").field("scale")
        let parents = [
            "specReplicasPath": [".spec."], "statusReplicasPath": [".status."],
            "labelSelectorPath": [".spec.", ".status."],
        ]
        for (key, parents) in parents.sorted(by: { $0.key < $1.key }) {
            let text = scale[key]?.stringValue ?? ""
            if text.isEmpty {
                if key != "labelSelectorPath" { causes.append(.required(path.field(key), "a JSON path")) }
            } else if !Self.isSimple(text) || !parents.contains(where: text.hasPrefix) {
                let under = parents.map { $0.dropLast() }.joined(separator: " or ")
                causes.append(
                    .invalid(
                        path.field(key), text.asJSON, "should be a json path without array notation under \(under)"))
            }
        }
    }

    private mutating func checkSelectableFields() {
        let schema = version[path: "schema", "openAPIV3Schema"] ?? [:]
        var seen: Set<String> = []
        for (index, field) in (version["selectableFields"]?.arrayValue ?? []).enumerated() {
            let path = path.field("selectableFields").index(index).field("jsonPath")
            let text = field["jsonPath"]?.stringValue ?? ""
            if text.isEmpty {
                causes.append(.required(path, "a JSON path"))
            } else if !Self.isSimple(text) || text.hasPrefix(".metadata") {
                causes.append(.invalid(path, text.asJSON, "must be a simple path to a field outside of metadata"))
            } else if !["string", "boolean", "integer"].contains(Self.type(text, schema)) {
                causes.append(
                    .invalid(path, text.asJSON, "must point to a field of type string, boolean or integer"))
            } else if !seen.insert(text).inserted {
                causes.append(.duplicate(path, text.asJSON))
            }
        }
    }

    private static func type(_ path: String, _ schema: JSONValue) -> String {
        let found = path.split(separator: ".").reduce(schema as JSONValue?) { schema, name in
            schema?[path: "properties", String(name)]
        }
        return found?["type"]?.stringValue ?? ""
    }

    /// `.spec.replicas`: names with dots before them.
    private static func isSimple(_ path: String) -> Bool {
        let parts = path.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count > 1 && parts[0].isEmpty
            && parts.dropFirst().allSatisfy { part in
                !part.isEmpty && part.allSatisfy { $0.isLetter || $0.isNumber || "_-".contains($0) }
            }
    }
}
