import KubeModel

/// What the path of a request is about: `/apis/<group>/<version>/namespaces/<namespace>/<plural>/<name>/<subresource>`.
struct ResourceTarget: Sendable, Hashable {
    var group = ""
    var version: String
    var namespace: String?
    var plural: String
    var name: String?
    var subresource: String?

    /// `nil` where `path` is none of a resource.
    init?(_ path: [String]) {
        var rest = path[...]
        switch rest.popFirst() {
        case "api": break
        case "apis": group = rest.popFirst() ?? ""
        default: return nil
        }
        guard let version = rest.popFirst(), !rest.isEmpty, rest.count <= 5 else { return nil }
        self.version = version
        // `namespaces/<name>/status` is about the namespace itself.
        let isNamespace = rest.count == 3 && ["status", "finalize"].contains(rest.last)
        if rest.first == "namespaces", rest.count >= 3, !isNamespace {
            namespace = rest.dropFirst().first
            rest = rest.dropFirst(2)
        }
        plural = rest.removeFirst()
        name = rest.popFirst()
        subresource = rest.popFirst()
        guard rest.isEmpty else { return nil }
    }
}
