import JSONModel
import KubeModel

/// What must hold for a webhook configuration, beyond its schema.
enum WebhookValidation {
    @Sendable static func check(_ configuration: Object, _ old: Object?) -> [Status.Cause] {
        (configuration.json["webhooks"]?.arrayValue ?? []).enumerated().flatMap { index, webhook in
            check(webhook, FieldPath("webhooks").index(index))
        }
    }

    private static func check(_ webhook: JSONValue, _ path: FieldPath) -> [Status.Cause] {
        name(webhook, path.field("name")) + versions(webhook, path.field("admissionReviewVersions"))
            + sideEffects(webhook, path.field("sideEffects")) + timeout(webhook, path.field("timeoutSeconds"))
            + client(webhook["clientConfig"] ?? .null, path.field("clientConfig")) + rules(webhook, path.field("rules"))
    }

    private static func name(_ webhook: JSONValue, _ path: FieldPath) -> [Status.Cause] {
        guard let name = webhook["name"]?.stringValue else { return [] }
        if let problem = NameRule.dnsSubdomain.problem(name) { return [.invalid(path, name.quoted, problem)] }
        guard name.split(separator: ".").count < 3 else { return [] }
        return [.invalid(path, name.quoted, "must be a domain name with at least three parts, as in check.example.com")]
    }

    private static func versions(_ webhook: JSONValue, _ path: FieldPath) -> [Status.Cause] {
        let versions = webhook["admissionReviewVersions"]?.words ?? []
        if versions.isEmpty { return [.required(path, "name the versions that the webhook takes: v1")] }
        if versions.contains("v1") || versions.contains("v1beta1") { return [] }
        return [.invalid(path, JSONValue.array(versions.map { .string($0) }).text, "must contain v1 or v1beta1")]
    }

    private static func sideEffects(_ webhook: JSONValue, _ path: FieldPath) -> [Status.Cause] {
        let allowed = ["None", "NoneOnDryRun"]
        guard let effects = webhook["sideEffects"]?.stringValue, !allowed.contains(effects) else { return [] }
        return [.notSupported(path, effects.quoted, supported: allowed)]
    }

    private static func timeout(_ webhook: JSONValue, _ path: FieldPath) -> [Status.Cause] {
        guard let seconds = webhook["timeoutSeconds"]?.intValue, !(1...30).contains(seconds) else { return [] }
        return [.invalid(path, "\(seconds)", "must be between 1 and 30 seconds")]
    }

    private static func client(_ client: JSONValue, _ path: FieldPath) -> [Status.Cause] {
        guard client.objectValue != nil else { return [] }
        switch (client["url"]?.stringValue, client["service"]) {
        case (nil, nil): return [.required(path, "give url or service")]
        case (.some, .some): return [.required(path, "give url or service, not both")]
        case (let url?, nil) where !url.hasPrefix("https://"):
            return [.invalid(path.field("url"), url.quoted, "must begin with https://")]
        case (nil, let service?): return reference(service, path.field("service"))
        default: return []
        }
    }

    private static func reference(_ service: JSONValue, _ path: FieldPath) -> [Status.Cause] {
        var causes = ["name", "namespace"].filter { service[$0]?.stringValue == "" }.map {
            Status.Cause.required(path.field($0), "name the service and its namespace")
        }
        if let port = service["port"]?.intValue, !(1...65_535).contains(port) {
            causes.append(.invalid(path.field("port"), "\(port)", "must be between 1 and 65535"))
        }
        return causes
    }

    private static func rules(_ webhook: JSONValue, _ path: FieldPath) -> [Status.Cause] {
        (webhook["rules"]?.arrayValue ?? []).enumerated().flatMap { index, rule in
            ["operations", "apiGroups", "apiVersions", "resources"].compactMap { key in
                let path = path.index(index).field(key)
                let words = rule[key]?.words ?? []
                if words.isEmpty { return Status.Cause.required(path, "name at least one; * is all") }
                guard words.contains("*"), words.count > 1, key != "resources" else { return nil }
                return .invalid(path, rule[key]?.text ?? "", "* stands alone: it is all of them")
            }
        }
    }
}
