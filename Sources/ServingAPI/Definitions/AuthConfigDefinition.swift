import KubeModel

// authorino.kuadrant.io.
extension ResourceDefinition {
    static let authConfigs = ResourceDefinition(
        .authConfigs, singular: "authconfig", hasStatus: true,
        printerColumns: [PrinterColumn("Hosts", ".spec.hosts"), .ready, .age], schema: .kind("authorino.AuthConfig"),
        validation: NameRule.dnsSubdomain.before { object, _ in AuthRules.read(object).problems })
}
