package import JSONModel

extension RequestRecord {
    package var json: JSONValue {
        var object: JSONObject = [
            "id": .string(id), "namespace": .string(namespace), "service": .string(service),
            "revision": .string(revision), "pod": .string(pod), "caller": .string(caller), "method": .string(method),
            "path": .string(path), "status": .number(JSONNumber(status)), "began": .number(JSONNumber(Int(began))),
            "milliseconds": .number(JSONNumber(duration)),
        ]
        if let waited { object["waitedMilliseconds"] = .number(JSONNumber(waited)) }
        if let firstToken { object["firstTokenMilliseconds"] = .number(JSONNumber(firstToken)) }
        if let promptTokens { object["promptTokens"] = .number(JSONNumber(promptTokens)) }
        if let completionTokens { object["completionTokens"] = .number(JSONNumber(completionTokens)) }
        if !trace.isEmpty { object["trace"] = .string(trace) }
        if let bodies {
            object["request"] = .string(bodies.request)
            object["response"] = .string(bodies.response)
            object["isCut"] = .bool(bodies.isCut)
        }
        return .object(object)
    }

    /// - Returns: `nil` for what is no record.
    package init?(_ json: JSONValue) {
        func text(_ key: String) -> String { json[key]?.stringValue ?? "" }
        guard let id = json["id"]?.stringValue, let began = json["began"]?.intValue else { return nil }
        self.init(id: id)
        self.began = Int64(began)
        (namespace, service, revision, pod) = (text("namespace"), text("service"), text("revision"), text("pod"))
        (caller, method, path, trace) = (text("caller"), text("method"), text("path"), text("trace"))
        status = json["status"]?.intValue ?? 0
        duration = json["milliseconds"]?.doubleValue ?? 0
        waited = json["waitedMilliseconds"]?.doubleValue
        firstToken = json["firstTokenMilliseconds"]?.doubleValue
        promptTokens = json["promptTokens"]?.intValue
        completionTokens = json["completionTokens"]?.intValue
        guard let request = json["request"]?.stringValue else { return }
        bodies = RecordedBodies(
            request: request, response: text("response"), isCut: json["isCut"]?.boolValue ?? false)
    }
}

extension InFlightRequest {
    package var json: JSONValue {
        [
            "id": .string(id), "namespace": .string(namespace), "service": .string(service),
            "revision": .string(revision), "pod": .string(pod), "caller": .string(caller), "method": .string(method),
            "path": .string(path), "since": .number(JSONNumber(Int(since))), "state": .string(state.rawValue),
            "bytes": .number(JSONNumber(bytes)), "tokens": .number(JSONNumber(tokens)),
        ]
    }

    package init?(_ json: JSONValue) {
        guard let id = json["id"]?.stringValue, let since = json["since"]?.intValue,
            let state = json["state"]?.stringValue.flatMap(State.init)
        else { return nil }
        self.init(id: id, since: Int64(since), state: state)
        func text(_ key: String) -> String { json[key]?.stringValue ?? "" }
        (namespace, service, revision, pod) = (text("namespace"), text("service"), text("revision"), text("pod"))
        (caller, method, path) = (text("caller"), text("method"), text("path"))
        (bytes, tokens) = (json["bytes"]?.intValue ?? 0, json["tokens"]?.intValue ?? 0)
    }
}
