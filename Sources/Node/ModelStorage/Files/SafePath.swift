/// Paths that archives and stores give, which must not lead out of the directory they are unpacked to.
enum SafePath {
    /// The path without needless dots and slashes; `nil` where it is absolute, leads upwards or cannot be a path.
    /// An empty result is the directory itself.
    static func relative(_ path: String) -> String? {
        guard !path.hasPrefix("/"), !path.utf8.contains(0), !path.utf8.contains(UInt8(ascii: "\\")) else { return nil }
        let parts = path.split(separator: "/").filter { $0 != "." }
        guard !parts.contains(".."), parts.allSatisfy({ $0.utf8.count <= 255 }) else { return nil }
        return parts.joined(separator: "/")
    }

    /// Without needless dots and slashes; `..` stays.
    static func shortened(_ path: String) -> String {
        path.split(separator: "/").filter { $0 != "." }.joined(separator: "/")
    }
}
