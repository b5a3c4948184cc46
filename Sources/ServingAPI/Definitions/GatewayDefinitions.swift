import JSONModel
import KubeModel

// gateway.networking.k8s.io.
extension ResourceDefinition {
    static let httpRoutes = route(.httpRoutes, singular: "httproute", schema: .kind("gateway.HTTPRoute"))
    static let grpcRoutes = route(.grpcRoutes, singular: "grpcroute", schema: .kind("gateway.GRPCRoute"))

    static let referenceGrants = ResourceDefinition(
        .referenceGrants, singular: "referencegrant", shortNames: ["refgrant"], categories: ["gateway-api"],
        printerColumns: [.age], schema: .kind("gateway.ReferenceGrant"),
        validation: NameRule.dnsSubdomain.before { _, _ in [] })

    private static func route(
        _ resource: Resource, singular: String, schema: @autoclosure @escaping @Sendable () -> Schema
    ) -> ResourceDefinition {
        ResourceDefinition(
            resource, singular: singular, categories: ["gateway-api"], hasStatus: true,
            printerColumns: [PrinterColumn("Hostnames", ".spec.hostnames"), .age], schema: schema(),
            validation: NameRule.dnsSubdomain.before { route, _ in GatewayRouteValidation.check(route) },
            warnings: { route, _ in GatewayRouteWarnings.check(route) })
    }
}

/// What Martlet's gateway does not look at in a route.
enum GatewayRouteWarnings {
    static func check(_ object: Object) -> [String] {
        let route = GatewayRoute(object)
        guard route.parents.isEmpty else { return [] }
        return ["the \(object.kind) names no Gateway in spec.parentRefs: it is not served"]
    }
}
