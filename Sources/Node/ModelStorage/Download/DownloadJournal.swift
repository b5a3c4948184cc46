import JSONModel

/// What is known of a file that was fetched in part: enough to go on later, in another process.
struct DownloadJournal: Sendable, Hashable {
    var url: String
    /// The validators the server gave (`ETag`, `Last-Modified`): a file with others is another file.
    var entityTag: String?
    var lastModified: String?
    /// Bytes of the whole file, where the server said so.
    var total: Int64?
    /// The first so many bytes are on the disk, and this is their SHA-256.
    var verified: Int64 = 0
    var digest = ""

    init(url: String) { self.url = url }

    /// What a request for the rest can be made conditional on: a strong entity tag, or else the date.
    var validator: String? {
        if let entityTag, !entityTag.hasPrefix("W/") { return entityTag }
        return lastModified
    }

    /// `nil` where the bytes are no journal: the process or the machine died while it was written.
    init?(parsing bytes: [UInt8]) {
        guard let json = try? JSONValue(parsing: bytes), let url = json["url"]?.stringValue,
            let verified = json["verified"]?.intValue, verified >= 0, let digest = json["sha256"]?.stringValue
        else { return nil }
        self.url = url
        self.verified = Int64(verified)
        self.digest = digest
        entityTag = json["etag"]?.stringValue
        lastModified = json["lastModified"]?.stringValue
        total = json["total"]?.intValue.map(Int64.init)
    }

    var bytes: [UInt8] {
        var json: JSONValue = [
            "url": .string(url), "verified": .number(JSONNumber(Int(verified))), "sha256": .string(digest),
        ]
        json["etag"] = entityTag.map { .string($0) }
        json["lastModified"] = lastModified.map { .string($0) }
        json["total"] = total.map { .number(JSONNumber(Int($0))) }
        return json.serialized()
    }
}
