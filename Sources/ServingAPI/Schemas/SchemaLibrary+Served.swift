import KubeModel

extension SchemaLibrary {
    /// The types of all kinds that Martlet serves.
    static let served = SchemaLibrary([.meta, .access, .lease, .webhooks, .customResources, .nodes])
}

extension Schema {
    /// The schema of a whole object, by the name of its kind in the texts, as `rbac.Role`.
    static func kind(_ name: String) -> Schema { SchemaLibrary.served.resource(name) }
}
