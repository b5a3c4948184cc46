import JSONModel
import KubeAccess
import KubeModel

/// One line of the audit log to be: what is known of a request at one stage of it.
struct AuditRecord: Sendable {
    enum Stage: String, Sendable {
        case requestReceived = "RequestReceived"
        /// The head of a long response is sent: of a watch, of a log.
        case responseStarted = "ResponseStarted"
        case responseComplete = "ResponseComplete"
    }

    var id: String
    var stage: Stage
    var level: AuditLevel
    var omitsManagedFields: Bool
    var attributes: AccessAttributes
    var request: APIRequest
    /// Microseconds since 1970.
    var received: Int64
    var staged: Int64
    var code: Int?
    /// The response's body; empty where it is not written down, or streamed.
    var response: [UInt8] = []

    /// What waiting for the writer costs, in bytes.
    var size: Int { 512 + request.body.count + response.count }
}

extension AuditRecord {
    /// An `audit.k8s.io/v1` Event.
    var json: JSONValue {
        var json: JSONValue = [
            "kind": "Event", "apiVersion": "audit.k8s.io/v1", "level": .string(level.rawValue),
            "auditID": .string(id), "stage": .string(stage.rawValue), "requestURI": .string(request.uri),
            "verb": .string(attributes.verb), "user": (request.impersonator ?? request.identity).json,
            "requestReceivedTimestamp": .string(Timestamp.string(microseconds: received)),
            "stageTimestamp": .string(Timestamp.string(microseconds: staged)),
        ]
        if request.impersonator != nil { json["impersonatedUser"] = request.identity.json }
        if !request.source.isEmpty { json["sourceIPs"] = [.string(request.source)] }
        if !request.userAgent.isEmpty { json["userAgent"] = .string(request.userAgent) }
        if case .resource(let resource) = attributes.target { json["objectRef"] = Self.reference(resource) }
        if let code { json["responseStatus"] = status(code) }
        if level >= .request { json["requestObject"] = object(try? request.document()) }
        if level >= .requestResponse, !response.isEmpty {
            json["responseObject"] = object(try? JSONValue(parsing: response))
        }
        return json
    }

    private static func reference(_ resource: ResourceAttributes) -> JSONValue {
        let fields = [
            ("resource", resource.resource), ("namespace", resource.namespace), ("name", resource.name),
            ("apiGroup", resource.group), ("apiVersion", resource.version), ("subresource", resource.subresource),
        ]
        return .object(JSONObject(fields.filter { !$0.1.isEmpty }.map { ($0.0, .string($0.1)) }))
    }

    private func status(_ code: Int) -> JSONValue {
        var json: JSONValue = ["metadata": [:], "code": .number(JSONNumber(code))]
        guard code >= 400, let body = try? JSONValue(parsing: response), body["kind"] == "Status" else { return json }
        for key in ["status", "reason", "message"] { json[key] = body[key] }
        return json
    }

    private func object(_ json: JSONValue?) -> JSONValue? {
        guard omitsManagedFields, var json else { return json }
        json[path: "metadata", "managedFields"] = nil
        if case .array(var items)? = json["items"] {
            for index in items.indices { items[index][path: "metadata", "managedFields"] = nil }
            json["items"] = .array(items)
        }
        return json
    }
}
