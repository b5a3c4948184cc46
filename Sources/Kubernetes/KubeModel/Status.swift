package import JSONModel

/// A failed call, in the form of Kubernetes' `Status` (meta/v1). Every part of Martlet that answers API calls throws it.
package struct Status: Error, Sendable, Hashable, CustomStringConvertible {
    /// One problem of a refused object.
    package struct Cause: Sendable, Hashable {
        /// A machine-readable word: `FieldValueRequired`, `FieldValueInvalid`, `FieldValueNotSupported`, ...
        package var reason: String
        package var message: String
        /// The path of the field: `spec.predictor.model.storageUri`.
        package var field: String

        package init(reason: String, message: String, field: String) {
            self.reason = reason
            self.message = message
            self.field = field
        }
    }

    /// The HTTP status code.
    package var code: Int
    /// A machine-readable word: `NotFound`, `AlreadyExists`, `Conflict`, `Invalid`, `BadRequest`, `Expired`, ...
    package var reason: String
    package var message: String
    package var causes: [Cause]
    /// `details`: what the call was about.
    package var group: String?
    package var kind: String?
    package var name: String?
    package var retryAfterSeconds: Int?
    /// `metadata.continue`: where an expired list can go on, in today's state.
    package var continueToken: String?

    package init(
        code: Int, reason: String, message: String, causes: [Cause] = [], group: String? = nil, kind: String? = nil,
        name: String? = nil, retryAfterSeconds: Int? = nil
    ) {
        self.code = code
        self.reason = reason
        self.message = message
        self.causes = causes
        self.group = group
        self.kind = kind
        self.name = name
        self.retryAfterSeconds = retryAfterSeconds
    }

    package var description: String { message }
}

extension Status {
    package var isNotFound: Bool { code == 404 }
    package var isConflict: Bool { reason == "Conflict" }
    package var isAlreadyExists: Bool { reason == "AlreadyExists" }
    /// The resourceVersion that was asked for is gone: list again.
    package var isExpired: Bool { code == 410 }

    package static func notFound(_ resource: Resource, _ name: String) -> Status {
        Status(
            code: 404, reason: "NotFound", message: "\(resource) \"\(name)\" not found", group: resource.group,
            kind: resource.plural, name: name)
    }

    package static func alreadyExists(_ resource: Resource, _ name: String) -> Status {
        Status(
            code: 409, reason: "AlreadyExists", message: "\(resource) \"\(name)\" already exists",
            group: resource.group, kind: resource.plural, name: name)
    }

    package static func conflict(_ resource: Resource, _ name: String, _ why: String) -> Status {
        Status(
            code: 409, reason: "Conflict",
            message: "Operation cannot be fulfilled on \(resource) \"\(name)\": \(why)", group: resource.group,
            kind: resource.plural, name: name)
    }

    package static func badRequest(_ message: String) -> Status {
        Status(code: 400, reason: "BadRequest", message: message)
    }

    package static func expired(_ message: String) -> Status {
        Status(code: 410, reason: "Expired", message: message)
    }

    package static func internalError(_ message: String) -> Status {
        Status(code: 500, reason: "InternalError", message: "Internal error occurred: \(message)")
    }

    /// The object was refused: one message with every cause.
    package static func invalid(_ gvk: GroupVersionKind, _ name: String, _ causes: [Cause]) -> Status {
        let problems = causes.map { "\($0.field): \($0.message)" }
        let list = problems.count == 1 ? problems[0] : "[\(problems.joined(separator: ", "))]"
        let kind = gvk.group.isEmpty ? gvk.kind : "\(gvk.kind).\(gvk.group)"
        return Status(
            code: 422, reason: "Invalid", message: "\(kind) \"\(name)\" is invalid: \(list)", causes: causes,
            group: gvk.group, kind: gvk.kind, name: name)
    }
}

extension Status {
    /// The `Status` object that an API server answers with.
    package var json: JSONValue {
        var json: JSONValue = [
            "apiVersion": "v1", "kind": "Status", "metadata": [:], "status": "Failure", "message": .string(message),
            "reason": .string(reason), "code": .number(JSONNumber(code)),
        ]
        if let continueToken { json["metadata"] = ["continue": .string(continueToken)] }
        var details: JSONValue = [:]
        if let name, !name.isEmpty { details["name"] = .string(name) }
        if let group, !group.isEmpty { details["group"] = .string(group) }
        if let kind { details["kind"] = .string(kind) }
        if let retryAfterSeconds { details["retryAfterSeconds"] = .number(JSONNumber(retryAfterSeconds)) }
        if !causes.isEmpty {
            details["causes"] = .array(
                causes.map {
                    var cause: JSONValue = ["reason": .string($0.reason), "message": .string($0.message)]
                    if !$0.field.isEmpty { cause["field"] = .string($0.field) }
                    return cause
                })
        }
        if details != [:] { json["details"] = details }
        return json
    }

    /// Reads a `Status` object that an API server answered with; `nil` if `json` is none.
    package init?(json: JSONValue) {
        guard json["kind"]?.stringValue == "Status", json["status"]?.stringValue != "Success" else { return nil }
        let details = json["details"]
        self.init(
            code: json["code"]?.intValue ?? 500, reason: json["reason"]?.stringValue ?? "Unknown",
            message: json["message"]?.stringValue ?? "the server answered with a failure and no message",
            causes: details?["causes"]?.arrayValue?.map {
                Cause(
                    reason: $0["reason"]?.stringValue ?? "", message: $0["message"]?.stringValue ?? "",
                    field: $0["field"]?.stringValue ?? "")
            } ?? [],
            group: details?["group"]?.stringValue, kind: details?["kind"]?.stringValue,
            name: details?["name"]?.stringValue, retryAfterSeconds: details?["retryAfterSeconds"]?.intValue)
        continueToken = json[path: "metadata", "continue"]?.stringValue
    }
}
