import Crypto

/// Where things are in the cache's directory:
/// - `blobs/<sha256>`: every file of every model, once.
/// - `models/<hash of the URI>/content/`: a model, made of hard links to blobs; `reference.json` beside it says what it
///   is, and who uses it holds a lock on `used`. The whole appears by one rename.
/// - `composed/`: directories for pods whose model has several parts, made of hard links to these.
/// - `partial/<hash of the URI>/`: a fetch under way, or one that was interrupted.
struct CacheLayout: Sendable, Hashable {
    /// Absolute.
    var directory: String

    func model(_ model: ModelIdentity) -> String { directory(ofKey: Self.key(model)) }
    func directory(ofKey key: String) -> String { "\(directory)/models/\(key)" }
    func partial(ofKey key: String) -> String { "\(directory)/partial/\(key)" }
    func content(_ model: ModelIdentity) -> String { "\(self.model(model))/content" }
    func partial(_ model: ModelIdentity) -> String { "\(directory)/partial/\(Self.key(model))" }
    func blob(_ sha256: String) -> String { "\(directory)/blobs/\(sha256)" }

    /// 32 hexadecimal digits.
    static func key(_ model: ModelIdentity) -> String {
        String(hexadecimal(SHA256.hash(data: Array(model.canonical.utf8))).prefix(32))
    }

    /// The model if it is whole: every file of its reference is there, with its size.
    func published(_ model: ModelIdentity) -> ModelDirectory? {
        guard let bytes = try? FileTree.read(self.model(model) + "/reference.json"),
            let reference = ModelReference(parsing: bytes)
        else { return nil }
        let content = content(model)
        let isWhole = reference.files.allSatisfy { FileTree.size("\(content)/\($0.path)") == $0.size }
        guard isWhole, !reference.files.isEmpty else { return nil }
        return ModelDirectory(path: content, byteCount: reference.byteCount)
    }

    /// All models that were published, whole or damaged: with the directory of each.
    func all() -> [(directory: String, reference: ModelReference)] {
        let names = (try? FileTree.names(in: directory + "/models")) ?? []
        return names.compactMap { name in
            let model = "\(directory)/models/\(name)"
            guard let bytes = try? FileTree.read(model + "/reference.json") else { return nil }
            return ModelReference(parsing: bytes).map { (model, $0) }
        }
    }
}
