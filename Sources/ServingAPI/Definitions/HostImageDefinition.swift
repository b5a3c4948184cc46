import KubeModel

extension ResourceDefinition {
    static let hostImages = ResourceDefinition(
        .hostImages, singular: "hostimage", hasStatus: true,
        printerColumns: [
            PrinterColumn("Images", ".spec.images[*]"), .ready, .reason, .age,
        ], schema: .kind("martlet.HostImage"), validation: NameRule.dnsSubdomain.before(HostImageValidation.check))
}
