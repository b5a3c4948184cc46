/// What a filter may write into a head: anything else would make two messages of one.
package enum HeaderRule {
    /// Names, in lower case, that say where a message ends or what its connection is; the gateway alone writes them. The
    /// host is changed by a rewrite of the URL.
    package static let untouchable: Set = [
        "connection", "content-length", "expect", "host", "http2-settings", "keep-alive", "proxy-connection", "te",
        "trailer", "transfer-encoding", "upgrade",
    ]

    private static let tokenMarks = Set("!#$%&'*+-.^_`|~".utf8)

    /// What is wrong with a name, as the end of a sentence.
    package static func problem(name: String) -> String? {
        let isToken = name.utf8.allSatisfy { byte in
            let isAlphanumeric = (byte | 0x20) &- UInt8(ascii: "a") < 26 || byte &- UInt8(ascii: "0") < 10
            return isAlphanumeric || tokenMarks.contains(byte)
        }
        if name.isEmpty || !isToken { return "must be the name of a header" }
        return untouchable.contains(name.lowercased()) ? "is not for filters: the gateway writes it" : nil
    }

    package static func problem(value: String) -> String? {
        let isClean = value.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F || $0 == 0x09 }
        return isClean ? nil : "must not have control characters"
    }

    /// Of a path that stands in the place of a request's.
    package static func problem(path: String) -> String? {
        let isClean = path.utf8.allSatisfy { (0x21...0x7E).contains($0) && !"?#\\".utf8.contains($0) }
        return isClean ? nil : "must be a path: no spaces, no query, no characters beyond ASCII"
    }
}
