import NIOHTTP1

extension APIRequest {
    /// A request without its body, its caller not yet known.
    init(_ head: HTTPRequestHead) {
        // HEAD asks what GET would answer, without the answer itself.
        self.init(method: head.method == .HEAD ? "GET" : head.method.rawValue, target: head.uri)
        authority = head.headers.joined("Host")
        accept = head.headers.joined("Accept")
        contentType = head.headers.joined("Content-Type")
        userAgent = head.headers.joined("User-Agent")
        ifNoneMatch = head.headers.joined("If-None-Match")
        upgrade = UpgradeOffer(head.headers)
    }
}

extension HTTPHeaders {
    /// All values of a header as one (RFC 9110, section 5.3); empty where there is none.
    func joined(_ name: String) -> String {
        let values = self[name]
        return values.count == 1 ? values[0] : values.joined(separator: ", ")
    }

    /// `Impersonate-User` and its like, by lower-case name.
    var impersonation: [(name: String, value: String)] {
        filter { $0.name.utf8.count > 12 && $0.name.prefix(12).lowercased() == "impersonate-" }
            .map { ($0.name.lowercased(), $0.value) }
    }
}
