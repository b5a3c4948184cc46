import FoundationEssentials
import JSONModel
import KubeModel

/// An entry of a MutatingWebhookConfiguration or a ValidatingWebhookConfiguration (admissionregistration.k8s.io/v1).
struct Webhook: Sendable {
    /// Where it is called.
    enum Place: Sendable, Hashable {
        case url(String)
        case service(ObjectKey, port: Int, path: String)
    }

    var name: String
    var isMutating: Bool
    var place: Place
    /// PEM certificates that vouch for it; empty: the system's.
    var authorities: [UInt8]
    var rules: [WebhookRule]
    /// `matchPolicy: Equivalent`: a rule means a resource in whatever version it is called.
    var matchesEquivalents: Bool
    var namespaceSelector: LabelSelector
    var objectSelector: LabelSelector
    /// `failurePolicy: Ignore`: where it cannot be asked, it has no say.
    var ignoresFailure: Bool
    var timeout: Duration
    /// `reinvocationPolicy: IfNeeded`: asked again when a later one changed the object.
    var isReinvoked: Bool
    var conditions: MatchConditions

    /// - Throws: where a selector or a condition is malformed.
    init(_ json: JSONValue, isMutating: Bool) throws {
        let client = json["clientConfig"] ?? [:]
        name = json["name"]?.stringValue ?? ""
        self.isMutating = isMutating
        place = Place(client)
        authorities = Data(base64Encoded: client["caBundle"]?.stringValue ?? "").map { [UInt8]($0) } ?? []
        rules = (json["rules"]?.arrayValue ?? []).map(WebhookRule.init)
        matchesEquivalents = json["matchPolicy"] != "Exact"
        namespaceSelector = try LabelSelector(json: json["namespaceSelector"] ?? [:])
        objectSelector = try LabelSelector(json: json["objectSelector"] ?? [:])
        ignoresFailure = json["failurePolicy"] == "Ignore"
        timeout = .seconds(min(max(json["timeoutSeconds"]?.intValue ?? 10, 1), 30))
        isReinvoked = json["reinvocationPolicy"] == "IfNeeded"
        conditions = try MatchConditions(json["matchConditions"])
    }
}

extension Webhook.Place {
    fileprivate init(_ client: JSONValue) {
        guard let service = client["service"], service.objectValue != nil else {
            self = .url(client["url"]?.stringValue ?? "")
            return
        }
        let path = service["path"]?.stringValue ?? ""
        self = .service(
            ObjectKey(namespace: service["namespace"]?.stringValue, name: service["name"]?.stringValue ?? ""),
            port: service["port"]?.intValue ?? 443, path: path.hasPrefix("/") ? path : "/\(path)")
    }
}
