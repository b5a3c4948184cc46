import JSONModel
import KubeModel

// gateway.networking.k8s.io.
extension ResourceDefinition {
    static let httpRoutes = ResourceDefinition(
        .httpRoutes, singular: "httproute", categories: ["gateway-api"], hasStatus: true,
        printerColumns: [PrinterColumn("Hostnames", ".spec.hostnames"), .age], schema: .kind("gateway.HTTPRoute"),
        validation: NameRule.dnsSubdomain.before { _, _ in [] }, warnings: HTTPRouteWarnings.check)
}

/// What Martlet's gateway does not look at in an HTTPRoute.
enum HTTPRouteWarnings {
    @Sendable static func check(_ route: Object, _ old: Object?) -> [String] {
        let rules = route.spec["rules"]?.arrayValue ?? []
        let isPlain = rules.count <= 1 && rules.allSatisfy { $0["filters"] == nil && matchesAll($0) }
        if isPlain { return [] }
        return [
            "Martlet's gateway takes an HTTPRoute's hostnames and the weights of its first rule's backendRefs; it does "
                + "not look at matches, filters and further rules yet"
        ]
    }

    private static func matchesAll(_ rule: JSONValue) -> Bool {
        (rule["matches"]?.arrayValue ?? []).allSatisfy { match in
            match[path: "path", "value"]?.stringValue ?? "/" == "/"
                && (match.objectValue?.keys ?? []).allSatisfy { $0 == "path" }
        }
    }
}
