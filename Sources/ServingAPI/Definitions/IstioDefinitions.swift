import JSONModel
import KubeModel

// security.istio.io.
extension ResourceDefinition {
    static let authorizationPolicies = ResourceDefinition(
        .authorizationPolicies, singular: "authorizationpolicy", shortNames: ["ap"],
        categories: ["istio-io", "security-istio-io"], hasStatus: true,
        printerColumns: [PrinterColumn("Action", ".spec.action"), .age],
        schema: .kind("istio.AuthorizationPolicy"),
        validation: NameRule.dnsSubdomain.before { object, _ in AuthorizationRules.read(object).problems },
        warnings: { object, _ in
            guard case .allow = AuthorizationRules.read(object).rules.action,
                object.spec["rules"]?.arrayValue?.isEmpty ?? true
            else { return [] }
            return ["spec.rules: without rules the action ALLOW lets nobody call"]
        })

    static let requestAuthentications = ResourceDefinition(
        .requestAuthentications, singular: "requestauthentication", shortNames: ["ra"],
        categories: ["istio-io", "security-istio-io"], hasStatus: true, printerColumns: [.age],
        schema: .kind("istio.RequestAuthentication"),
        validation: NameRule.dnsSubdomain.before { object, _ in TokenRules.read(object).problems })

    static let peerAuthentications = ResourceDefinition(
        .peerAuthentications, singular: "peerauthentication", shortNames: ["pa"],
        categories: ["istio-io", "security-istio-io"], hasStatus: true,
        printerColumns: [PrinterColumn("Mode", ".spec.mtls.mode"), .age],
        schema: .kind("istio.PeerAuthentication"),
        validation: NameRule.dnsSubdomain.before { object, _ in PeerRules.read(object).problems })

    /// The same in another version, whose objects differ in their apiVersion only.
    func served(as version: String) -> ResourceDefinition {
        var definition = self
        let old = resource
        definition.resource = Resource(
            group: old.group, version: version, kind: old.kind, plural: old.plural, isNamespaced: old.isNamespaced)
        return definition
    }
}
