import KubeModel

/// A part of a resource that has an address of its own, as discovery tells of it.
struct ServedSubresource: Sendable {
    var name: String
    var verbs: [String]
    /// What is sent or answered there; `nil` for the resource's own kind.
    var kind: GroupVersionKind?

    init(_ name: String, verbs: [String], _ kind: GroupVersionKind? = nil) {
        self.name = name
        self.verbs = verbs
        self.kind = kind
    }

    /// Those beside `status` and `scale`, which their definitions tell, by resource as messages write it: `pods`,
    /// `deployments.apps`. Whoever serves another one adds it here.
    static let table: [String: [ServedSubresource]] = [
        "pods": [
            .options("attach", "PodAttachOptions"), .options("exec", "PodExecOptions"),
            ServedSubresource("log", verbs: ["get"]), .options("portforward", "PodPortForwardOptions"),
            .options("proxy", "PodProxyOptions", verbs: APIResource.proxyVerbs),
        ],
        "services": [.options("proxy", "ServiceProxyOptions", verbs: APIResource.proxyVerbs)],
        "serviceaccounts": [
            ServedSubresource(
                "token", verbs: VirtualResource.verbs, VirtualResource.tokenRequests.resource.gvk)
        ],
    ]

    /// A connection, whose options are in the URL.
    private static func options(
        _ name: String, _ kind: String, verbs: [String] = ["create", "get"]
    ) -> ServedSubresource {
        ServedSubresource(name, verbs: verbs, GroupVersionKind(group: "", version: "v1", kind: kind))
    }
}

extension APIResource {
    fileprivate static let proxyVerbs = ["create", "delete", "get", "patch", "update"]

    /// Resources that are served without being stored: questions that are answered, measurements. Whoever serves
    /// another one adds it here.
    static let unstored: [APIResource] =
        VirtualResource.all.filter { $0.parent == nil }.map {
            APIResource(resource: $0.resource, singular: $0.singular, verbs: VirtualResource.verbs)
        } + metrics
}
