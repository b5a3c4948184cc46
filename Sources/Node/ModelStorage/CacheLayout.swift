import Crypto

/// Where things are in the cache's directory:
/// - `blobs/<sha256>`: every file of every model, once.
/// - `models/<hash of the URI>/content/`: a model, made of hard links to blobs; `reference.json` beside it says what it
///   is. The whole appears by one rename.
/// - `partial/<hash of the URI>/`: a fetch under way, or one that was interrupted.
struct CacheLayout: Sendable, Hashable {
    /// Absolute.
    var directory: String

    func model(_ source: ModelSource) -> String { "\(directory)/models/\(Self.key(source))" }
    func content(_ source: ModelSource) -> String { "\(model(source))/content" }
    func partial(_ source: ModelSource) -> String { "\(directory)/partial/\(Self.key(source))" }
    func blob(_ sha256: String) -> String { "\(directory)/blobs/\(sha256)" }

    /// 32 hexadecimal digits.
    static func key(_ source: ModelSource) -> String {
        String(hexadecimal(SHA256.hash(data: Array(source.canonical.utf8))).prefix(32))
    }

    /// The model if it is whole: every file of its reference is there, with its size.
    func published(_ source: ModelSource) -> ModelDirectory? {
        guard let bytes = try? FileTree.read(model(source) + "/reference.json"),
            let reference = ModelReference(parsing: bytes)
        else { return nil }
        let content = content(source)
        let isWhole = reference.files.allSatisfy { FileTree.size("\(content)/\($0.path)") == $0.size }
        guard isWhole, !reference.files.isEmpty else { return nil }
        return ModelDirectory(path: content, byteCount: reference.files.reduce(0) { $0 + $1.size })
    }
}
