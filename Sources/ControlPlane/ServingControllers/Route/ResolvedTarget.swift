import JSONModel

/// An entry of a route's traffic with its revision known.
struct ResolvedTarget: Sendable, Hashable {
    var revision: String
    /// Whether it follows the latest ready revision.
    var isLatest: Bool
    /// The share of the traffic; 0 where only the tag leads to it.
    var percent: Int
    var tag: String?
    /// The configuration that it follows; unknown where it was read from a status.
    var configuration: String?

    init(revision: String, isLatest: Bool, percent: Int, tag: String? = nil, configuration: String? = nil) {
        self.revision = revision
        self.isLatest = isLatest
        self.percent = percent
        self.tag = tag
        self.configuration = configuration
    }

    /// Reads an entry of `status.traffic`.
    init?(_ json: JSONValue) {
        guard let revision = json["revisionName"]?.stringValue else { return nil }
        self.revision = revision
        isLatest = json["latestRevision"]?.boolValue ?? false
        percent = json["percent"]?.intValue ?? 0
        tag = json["tag"]?.stringValue
    }

    func json(url: String?) -> JSONValue {
        var json: JSONValue = [
            "revisionName": .string(revision), "latestRevision": .bool(isLatest),
            "percent": .number(JSONNumber(percent)),
        ]
        if let tag { json["tag"] = .string(tag) }
        if let url { json["url"] = .string(url) }
        return json
    }
}
