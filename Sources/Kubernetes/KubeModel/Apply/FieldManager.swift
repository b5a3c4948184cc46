import JSONModel

/// An entry of `metadata.managedFields`: one who wrote fields, how, and which of them are still as written.
struct FieldManager: Sendable, Hashable {
    enum Operation: String, Sendable { case apply = "Apply", update = "Update" }

    /// What tells entries apart. An applier is the same one whatever version it writes with.
    struct Identity: Sendable, Hashable {
        var name: String
        var operation: Operation
        /// Empty for the object itself.
        var subresource: String
        /// Empty for appliers.
        var apiVersion: String
    }

    var identity: Identity
    var apiVersion: String
    /// RFC 3339.
    var time: String?
    var fields: FieldSet

    init(
        _ name: String, _ operation: Operation, subresource: String?, apiVersion: String, time: String?,
        fields: FieldSet = FieldSet()
    ) {
        identity = Identity(
            name: name, operation: operation, subresource: subresource ?? "",
            apiVersion: operation == .apply ? "" : apiVersion)
        self.apiVersion = apiVersion
        self.time = time
        self.fields = fields
    }

    /// `nil` where the entry is malformed, or in a form that this program does not know.
    init?(_ json: JSONValue) {
        guard let operation = json["operation"]?.stringValue.flatMap(Operation.init),
            let apiVersion = json["apiVersion"]?.stringValue,
            json["fieldsType"]?.stringValue ?? "FieldsV1" == "FieldsV1",
            let fields = FieldSet(fieldsV1: json["fieldsV1"] ?? [:])
        else { return nil }
        self.init(
            json["manager"]?.stringValue ?? "", operation, subresource: json["subresource"]?.stringValue,
            apiVersion: apiVersion, time: json["time"]?.stringValue, fields: fields)
    }

    var json: JSONValue {
        var json: JSONValue = [
            "manager": .string(identity.name), "operation": .string(identity.operation.rawValue),
            "apiVersion": .string(apiVersion), "fieldsType": "FieldsV1", "fieldsV1": fields.fieldsV1,
        ]
        if let time { json["time"] = .string(time) }
        if !identity.subresource.isEmpty { json["subresource"] = .string(identity.subresource) }
        return json
    }

    /// As messages about conflicts name it: `"kubectl-edit" using apps/v1`.
    var title: String {
        var title = "\"\(identity.name)\""
        if !identity.subresource.isEmpty { title += " with subresource \"\(identity.subresource)\"" }
        return identity.operation == .update ? "\(title) using \(apiVersion)" : title
    }
}
