import KubeModel

/// Where the next page of a list begins.
///
/// Later pages show the state of their own time, under the resourceVersion of the first page. Whoever watches from
/// there hears of every change since, and so ends with the right state, as if all pages had shown that version.
struct ContinueToken: Sendable {
    var revision: Int
    var after: ObjectKey

    init(revision: Int, after: ObjectKey) {
        self.revision = revision
        self.after = after
    }

    /// Throws a 400 for text that this server did not hand out.
    init(_ text: String) throws(Status) {
        let parts = text.split(separator: ".", maxSplits: 1)
        guard parts.count == 2, let revision = Int(parts[0]), let key = Self.key(parts[1]) else {
            throw .badRequest("continue key is not valid: take the one that the last page came with")
        }
        self.init(revision: revision, after: key)
    }

    var text: String { "\(revision).\(after.namespace ?? "")/\(after.name)" }

    private static func key(_ text: Substring) -> ObjectKey? {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2 else { return nil }
        return ObjectKey(namespace: parts[0].isEmpty ? nil : String(parts[0]), name: String(parts[1]))
    }
}
