import JSONModel
import KubeModel
import ServingAPI

// From a route's filters, as their schema has them, to what the gateway does.
extension RouteFilters {
    /// - Parameter filters: of a rule, then of a backend: both are applied.
    init(_ filters: [JSONValue]) {
        for filter in filters { add(filter) }
    }

    private mutating func add(_ filter: JSONValue) {
        switch filter["type"]?.stringValue {
        case "RequestHeaderModifier": request.add(filter["requestHeaderModifier"])
        case "ResponseHeaderModifier": response.add(filter["responseHeaderModifier"])
        case "URLRewrite":
            host = filter[path: "urlRewrite", "hostname"]?.stringValue.flatMap(Self.host) ?? host
            path = filter[path: "urlRewrite", "path"].flatMap(PathRewrite.init) ?? path
        case "RequestRedirect": redirect = filter["requestRedirect"].map(Redirect.init)
        default: break
        }
    }

    private static func host(_ text: String) -> [UInt8]? {
        NameRule.dnsSubdomain.problem(text) == nil ? Array(text.utf8) : nil
    }

    /// Nothing at all is no pointer.
    var shared: SharedFilters? { isEmpty ? nil : SharedFilters(self) }
}

extension HeaderChanges {
    fileprivate mutating func add(_ modifier: JSONValue?) {
        for field in modifier?["set"]?.arrayValue ?? [] where field.isField {
            set(field.text("name"), field.text("value"))
        }
        for field in modifier?["add"]?.arrayValue ?? [] where field.isField {
            add(field.text("name"), field.text("value"))
        }
        for name in modifier?["remove"]?.arrayValue ?? [] { remove(name.stringValue ?? "") }
    }
}

extension PathRewrite {
    fileprivate init?(_ json: JSONValue) {
        let whole = json.text("replaceFullPath")
        let prefix = json.text("replacePrefixMatch")
        guard HeaderRule.problem(path: whole + prefix) == nil else { return nil }
        switch json["type"]?.stringValue {
        case "ReplaceFullPath": self = .whole(Array(whole.utf8))
        case "ReplacePrefixMatch": self = .prefix(Array(prefix.utf8))
        default: return nil
        }
    }
}

extension Redirect {
    fileprivate init(_ json: JSONValue) {
        scheme = json["scheme"]?.stringValue
        host = json["hostname"]?.stringValue.flatMap { NameRule.dnsSubdomain.problem($0) == nil ? $0 : nil }
        port = json["port"]?.intValue
        path = json["path"].flatMap(PathRewrite.init)
        status = json["statusCode"]?.intValue ?? 302
    }
}

extension JSONValue {
    /// A header that a filter may write; admission lets no other pass.
    fileprivate var isField: Bool {
        HeaderRule.problem(name: text("name")) == nil && HeaderRule.problem(value: text("value")) == nil
    }

    func text(_ field: String) -> String { self[field]?.stringValue ?? "" }
}
