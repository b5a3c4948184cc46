/// A container image's name, taken apart: `registry:5000/repository:tag@digest`.
struct ImageReference: Sendable, Hashable {
    /// The registry and path, without tag and digest.
    var repository: String
    var tag: String?
    /// `sha256:...`
    var digest: String?

    init(_ text: String) {
        let parts = text.split(separator: "@", maxSplits: 1, omittingEmptySubsequences: false)
        let name = parts.first ?? ""
        digest = parts.count == 2 ? String(parts[1]) : nil
        let base = name.lastIndex(of: "/").map { name.index(after: $0) } ?? name.startIndex
        if let colon = name[base...].lastIndex(of: ":") {
            repository = String(name[..<colon])
            tag = String(name[name.index(after: colon)...])
        } else {
            repository = String(name)
        }
    }

    var isLatest: Bool { digest == nil && (tag == nil || tag == "latest") }

    var text: String { repository + (tag.map { ":\($0)" } ?? "") + (digest.map { "@\($0)" } ?? "") }
}
