/// The name of an image in a registry: `registry.example.com/models/granite:3.1`, or `...@sha256:...`.
struct ImageName: Sendable, Hashable {
    var registry: String
    var repository: String
    /// A tag or a digest.
    var reference: String

    /// `nil` where it is none. As Docker has it, a name without a registry is Docker's hub's.
    init?(parsing text: String) {
        var rest = text[...]
        reference = "latest"
        if let at = rest.lastIndex(of: "@") {
            reference = String(rest[rest.index(after: at)...])
            rest = rest[..<at]
            guard Self.isDigest(reference) else { return nil }
        }
        if let colon = rest.lastIndex(of: ":"), !rest[colon...].contains("/") {
            if reference == "latest" { reference = String(rest[rest.index(after: colon)...]) }
            rest = rest[..<colon]
        }
        var parts = rest.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard let first = parts.first, parts.allSatisfy({ !$0.isEmpty && $0 != ".." && $0 != "." }) else { return nil }
        if parts.count > 1, first.contains(".") || first.contains(":") || first == "localhost" {
            registry = parts.removeFirst()
        } else {
            registry = "docker.io"
        }
        if registry == "docker.io" || registry == "index.docker.io" {
            registry = "registry-1.docker.io"
            if parts.count == 1 { parts.insert("library", at: 0) }
        }
        repository = parts.joined(separator: "/")
        let allowed = "abcdefghijklmnopqrstuvwxyz0123456789._-/"
        guard repository.allSatisfy(allowed.contains), !reference.isEmpty,
            reference.utf8.allSatisfy({ $0 > 32 && $0 < 127 && !"/?#".utf8.contains($0) })
        else { return nil }
    }

    static func isDigest(_ text: String) -> Bool {
        let digits = text.utf8.dropFirst(7)
        return text.hasPrefix("sha256:") && digits.count == 64
            && digits.allSatisfy { (48...57).contains($0) || (97...102).contains($0) }
    }

    /// A registry on this machine speaks HTTP, as Docker and Podman have it.
    var root: String {
        let host = registry.split(separator: ":").first ?? ""
        let isNumeric = host.allSatisfy { $0.isNumber || $0 == "." }
        let isLocal = host == "localhost" || (host.hasPrefix("127.") && isNumeric) || registry.hasPrefix("[::1]")
        return (isLocal ? "http://" : "https://") + registry
    }
}
