import KubeModel

extension ResourceDefinition {
    static let hostImages = ResourceDefinition(
        .hostImages, singular: "hostimage", hasStatus: true,
        printerColumns: [
            PrinterColumn("Images", ".spec.images[*]"), .ready, .reason, .age,
        ], schema: .hostImage, validation: NameRule.dnsSubdomain.before(HostImageValidation.check))
}
