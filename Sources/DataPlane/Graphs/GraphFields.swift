/// Which fields of a head go on.
enum GraphFields {
    /// What belongs to one message or one connection, or is written anew.
    private static let dropped: Set = [
        "host", "content-length", "transfer-encoding", "connection", "keep-alive", "te", "trailer", "upgrade", "expect",
        "accept-encoding", "forwarded", "via", "date", depth,
    ]

    /// How many graphs a request has come through.
    static let depth = "martlet-graph-depth"
    /// Of those, the most: a graph may ask another one, and that the first.
    static let deepest = 16

    static func passed(_ fields: [(name: String, value: String)]) -> [(name: String, value: String)] {
        fields.filter { field in
            let name = field.name.lowercased()
            return !dropped.contains(name) && !["k-", "x-forwarded-", "proxy-"].contains { name.hasPrefix($0) }
        }
    }
}
