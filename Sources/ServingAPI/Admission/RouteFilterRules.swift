import JSONModel
import KubeModel

/// What must hold for the filters of a rule or of a backend.
enum RouteFilterRules {
    private static let fields = [
        "RequestHeaderModifier": "requestHeaderModifier", "ResponseHeaderModifier": "responseHeaderModifier",
        "RequestMirror": "requestMirror", "RequestRedirect": "requestRedirect", "URLRewrite": "urlRewrite",
    ]

    /// - Parameter takesPrefix: whether each match of the rule is of a prefix, so that there is one to replace.
    static func check(_ filters: [JSONValue], _ path: FieldPath, takesPrefix: Bool) -> [Status.Cause] {
        filters.enumerated().flatMap { index, filter in
            check(filter, path.index(index), takesPrefix: takesPrefix)
        } + together(filters, path)
    }

    private static func together(_ filters: [JSONValue], _ path: FieldPath) -> [Status.Cause] {
        let types = filters.compactMap { $0["type"]?.stringValue }
        if types.contains("RequestRedirect"), types.contains("URLRewrite") {
            return [.invalid(path, "", "RequestRedirect and URLRewrite cannot be together: choose one")]
        }
        let repeated = Set(types.filter { type in type != "RequestMirror" && types.count { $0 == type } > 1 })
        return repeated.sorted().map { .invalid(path, $0.quoted, "may be there once") }
    }

    private static func check(_ filter: JSONValue, _ path: FieldPath, takesPrefix: Bool) -> [Status.Cause] {
        let type = filter["type"]?.stringValue ?? ""
        guard let field = fields[type] else {
            return [
                .notSupported(
                    path.field("type"), type.quoted, supported: fields.keys.sorted())
            ]
        }
        guard let body = filter[field], body.objectValue != nil else {
            return [.required(path.field(field), "say what \(type) does")]
        }
        switch type {
        case "RequestHeaderModifier", "ResponseHeaderModifier": return headers(body, path.field(field))
        case "RequestRedirect": return redirect(body, path.field(field)) + target(body, path.field(field), takesPrefix)
        case "URLRewrite": return target(body, path.field(field), takesPrefix)
        default: return []
        }
    }

    private static func headers(_ body: JSONValue, _ path: FieldPath) -> [Status.Cause] {
        var causes: [Status.Cause] = []
        for list in ["set", "add"] {
            for (index, header) in (body[list]?.arrayValue ?? []).enumerated() {
                let field = path.field(list).index(index)
                let (name, value) = (header["name"]?.stringValue ?? "", header["value"]?.stringValue ?? "")
                causes += HeaderRule.problem(name: name).map { [.invalid(field.field("name"), name.quoted, $0)] } ?? []
                causes +=
                    HeaderRule.problem(value: value).map { [.invalid(field.field("value"), value.quoted, $0)] } ?? []
            }
        }
        for (index, name) in (body["remove"]?.words ?? []).enumerated() {
            guard let problem = HeaderRule.problem(name: name) else { continue }
            causes.append(.invalid(path.field("remove").index(index), name.quoted, problem))
        }
        return causes
    }

    private static let statusCodes = [301, 302, 303, 307, 308]

    private static func redirect(_ body: JSONValue, _ path: FieldPath) -> [Status.Cause] {
        var causes: [Status.Cause] = []
        if let code = body["statusCode"]?.intValue, !statusCodes.contains(code) {
            causes.append(.notSupported(path.field("statusCode"), "\(code)", supported: statusCodes.map(String.init)))
        }
        if let scheme = body["scheme"]?.stringValue, !["http", "https"].contains(scheme) {
            causes.append(.notSupported(path.field("scheme"), scheme.quoted, supported: ["http", "https"]))
        }
        return causes
    }

    /// A host and a path that stand in the place of a request's.
    private static func target(_ body: JSONValue, _ path: FieldPath, _ takesPrefix: Bool) -> [Status.Cause] {
        var causes: [Status.Cause] = []
        if let host = body["hostname"]?.stringValue, let problem = NameRule.dnsSubdomain.problem(host) {
            causes.append(.invalid(path.field("hostname"), host.quoted, problem))
        }
        for name in ["replaceFullPath", "replacePrefixMatch"] {
            guard let text = body["path"]?[name]?.stringValue, let problem = HeaderRule.problem(path: text)
            else { continue }
            causes.append(.invalid(path.field("path").field(name), text.quoted, problem))
        }
        if body[path: "path", "type"] == "ReplacePrefixMatch", !takesPrefix {
            causes.append(
                .invalid(
                    path.field("path").field("type"), "\"ReplacePrefixMatch\"",
                    "needs matches of type PathPrefix: there is no prefix to replace otherwise"))
        }
        return causes
    }
}
