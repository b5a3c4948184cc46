import KubeModel

/// What the path of a request is about: `/apis/<group>/<version>/namespaces/<namespace>/<plural>/<name>/<subresource>`.
struct ResourceTarget: Sendable, Hashable {
    var group = ""
    var version: String
    var namespace: String?
    var plural: String
    var name: String?
    var subresource: String?
    /// Of a path that goes on after `proxy`: how many of its segments come before.
    private(set) var depth = 0

    /// The path in two: up to `proxy`, and from there on, with its first `/`.
    ///
    /// - Parameter raw: with its escapes.
    func split(_ raw: some StringProtocol) -> (prefix: String, rest: String) {
        let segments = raw.split(separator: "/", omittingEmptySubsequences: false)
        return (
            segments.prefix(depth + 1).joined(separator: "/"),
            "/" + segments.dropFirst(depth + 1).joined(separator: "/")
        )
    }

    /// `nil` where `path` is none of a resource.
    init?(_ path: [String]) {
        var rest = path[...]
        switch rest.popFirst() {
        case "api": break
        case "apis": group = rest.popFirst() ?? ""
        default: return nil
        }
        guard let version = rest.popFirst(), !rest.isEmpty else { return nil }
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
        depth = path.count - rest.count
        guard rest.isEmpty || subresource == "proxy" else { return nil }
    }
}
