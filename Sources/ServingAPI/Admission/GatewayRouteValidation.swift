import JSONModel
import KubeModel

/// What must hold for an HTTPRoute or a GRPCRoute, beyond its schema: what the Gateway API's own rules want, and what the
/// gateway can do.
enum GatewayRouteValidation {
    static func check(_ object: Object) -> [Status.Cause] {
        let route = GatewayRoute(object)
        let hosts = FieldPath("spec", "hostnames")
        let causes = route.hostnames.enumerated().flatMap { host($1, hosts.index($0)) }
        return causes
            + route.rules.enumerated().flatMap { number, rule in
                self.rule(rule, FieldPath("spec", "rules").index(number))
            }
    }

    private static func host(_ host: String, _ path: FieldPath) -> [Status.Cause] {
        let name = host.hasPrefix("*.") ? String(host.dropFirst(2)) : host
        if let problem = NameRule.dnsSubdomain.problem(name) { return [.invalid(path, host.quoted, problem)] }
        let isAddress = name.split(separator: ".").allSatisfy { Int($0) != nil }
        return isAddress ? [.invalid(path, host.quoted, "must be a name, not an address")] : []
    }

    private static func rule(_ rule: JSONValue, _ path: FieldPath) -> [Status.Cause] {
        let matches = rule["matches"]?.arrayValue ?? []
        let filters = rule["filters"]?.arrayValue ?? []
        let backends = rule["backendRefs"]?.arrayValue ?? []
        var causes = matches.enumerated().flatMap { match($1, path.field("matches").index($0)) }
        causes += RouteFilterRules.check(filters, path.field("filters"), takesPrefix: takesPrefix(matches))
        causes += backends.enumerated().flatMap { index, backend in
            RouteFilterRules.check(
                backend["filters"]?.arrayValue ?? [], path.field("backendRefs").index(index).field("filters"),
                takesPrefix: takesPrefix(matches))
        }
        if !backends.isEmpty, filters.contains(where: { $0["type"] == "RequestRedirect" }) {
            causes.append(.forbidden(path.field("backendRefs"), "a rule that redirects has no backends"))
        }
        return causes + timeouts(rule["timeouts"], path.field("timeouts"))
    }

    /// ReplacePrefixMatch needs a prefix.
    private static func takesPrefix(_ matches: [JSONValue]) -> Bool {
        matches.allSatisfy { ($0[path: "path", "type"]?.stringValue ?? "PathPrefix") == "PathPrefix" }
    }

    private static func match(_ match: JSONValue, _ path: FieldPath) -> [Status.Cause] {
        var causes = match["path"].map { self.path($0, path.field("path")) } ?? []
        for list in ["headers", "queryParams"] {
            for (index, named) in (match[list]?.arrayValue ?? []).enumerated() {
                let field = path.field(list).index(index)
                causes += expression(named, "value", field)
            }
        }
        for field in ["service", "method"] {
            guard let method = match["method"], method.objectValue != nil else { continue }
            causes += expression(method, field, path.field("method"))
        }
        return causes
    }

    private static func expression(_ json: JSONValue, _ field: String, _ path: FieldPath) -> [Status.Cause] {
        guard json["type"]?.stringValue == "RegularExpression", let text = json[field]?.stringValue else { return [] }
        do throws(RegularExpression.Problem) {
            _ = try RegularExpression(text)
            return []
        } catch {
            return [.invalid(path.field(field), text.quoted, error.why)]
        }
    }

    private static let unclear = ["//", "/./", "/../", "%2f", "%2F", "#"]

    private static func path(_ json: JSONValue, _ path: FieldPath) -> [Status.Cause] {
        let value = json["value"]?.stringValue ?? "/"
        if json["type"]?.stringValue == "RegularExpression" { return expression(json, "value", path) }
        let field = path.field("value")
        if !value.hasPrefix("/") { return [.invalid(field, value.quoted, "must begin with /")] }
        if let part = unclear.first(where: { value.contains($0) }) {
            return [.invalid(field, value.quoted, "must not contain \(part.quoted)")]
        }
        if value.hasSuffix("/..") || value.hasSuffix("/.") {
            return [.invalid(field, value.quoted, "must not end with /. or /..")]
        }
        return HeaderRule.problem(path: value).map { [.invalid(field, value.quoted, $0)] } ?? []
    }

    private static func timeouts(_ timeouts: JSONValue?, _ path: FieldPath) -> [Status.Cause] {
        var seconds: [String: Double] = [:]
        for name in ["request", "backendRequest"] {
            guard let text = timeouts?[name]?.stringValue else { continue }
            guard let value = GoDuration.seconds(text), value >= 0, !text.contains(".") else {
                return [.invalid(path.field(name), text.quoted, "must be a duration, as in 10s, 500ms or 1m30s")]
            }
            seconds[name] = value
        }
        guard let whole = seconds["request"], let attempt = seconds["backendRequest"], whole > 0, attempt > whole else {
            return []
        }
        return [.invalid(path.field("backendRequest"), "\(attempt)s", "must not be longer than request")]
    }
}
