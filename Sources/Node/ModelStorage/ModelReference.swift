import JSONModel

/// What a model in the cache is: where it came from, and its files.
struct ModelReference: Sendable, Hashable {
    struct File: Sendable, Hashable {
        /// Relative to the model's directory.
        var path: String
        var size: Int64
        var sha256: String
    }

    /// Without credentials.
    var uri: String
    /// When it was published, in RFC 3339.
    var fetched: String
    var files: [File]

    var byteCount: Int64 { files.reduce(0) { $0 + $1.size } }

    init(uri: String, fetched: String, files: [File]) {
        self.uri = uri
        self.fetched = fetched
        self.files = files
    }

    /// `nil` where the bytes are no reference.
    init?(parsing bytes: [UInt8]) {
        guard let json = try? JSONValue(parsing: bytes), let uri = json["uri"]?.stringValue,
            let fetched = json["fetched"]?.stringValue, let entries = json["files"]?.arrayValue
        else { return nil }
        self.uri = uri
        self.fetched = fetched
        files = entries.compactMap(File.init)
        guard files.count == entries.count else { return nil }
    }

    var bytes: [UInt8] {
        let json: JSONValue = [
            "uri": .string(uri), "fetched": .string(fetched), "files": .array(files.map(\.json)),
        ]
        return json.serialized()
    }
}

extension ModelReference.File {
    fileprivate init?(_ json: JSONValue) {
        guard let path = json["path"]?.stringValue, let size = json["size"]?.intValue,
            let sha256 = json["sha256"]?.stringValue
        else { return nil }
        self.init(path: path, size: Int64(size), sha256: sha256)
    }

    fileprivate var json: JSONValue {
        ["path": .string(path), "size": .number(JSONNumber(Int(size))), "sha256": .string(sha256)]
    }
}
