/// What every answer of the dashboard says to browsers: nothing from elsewhere is loaded, run, framed or sent to.
enum SecurityHeaders {
    static let all: [(name: String, value: String)] = [
        (
            "Content-Security-Policy",
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
                + "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
        ),
        ("X-Content-Type-Options", "nosniff"),
        // The one-time link's token must not go on to other sites. `no-referrer` would take the Origin from forms.
        ("Referrer-Policy", "same-origin"),
        ("Cross-Origin-Opener-Policy", "same-origin"),
        ("Cross-Origin-Resource-Policy", "same-origin"),
    ]
}

/// Whether a request is for this server by its name, and from a page of it.
struct RequestOrigin: Sendable {
    /// Names that the machine is known by, beside its addresses and localhost.
    var names: Set<String>

    /// A name that is none of ours may have been pointed at this machine by someone else (DNS rebinding): then their
    /// page could read what we answer.
    func isOurs(host: String) -> Bool {
        let name = Self.name(of: host)
        return name == "localhost" || name.hasSuffix(".localhost") || Self.isAddress(name) || names.contains(name)
    }

    /// Whether a form was sent by a page of this server: `Origin` where the browser says it, else `Sec-Fetch-Site`.
    func isSame(_ request: WebRequest) -> Bool {
        if let origin = request.headers["origin"] {
            let parts = origin.split(separator: "/", maxSplits: 2, omittingEmptySubsequences: false)
            return parts.count == 3 && String(parts[2]) == request.headers["host"]
        }
        return request.headers["sec-fetch-site"].map { $0 == "same-origin" } ?? true
    }

    private static func name(of host: String) -> String {
        if host.hasPrefix("[") { return String(host.dropFirst().prefix { $0 != "]" }) }
        return String(host.prefix { $0 != ":" }).lowercased()
    }

    private static func isAddress(_ name: String) -> Bool {
        if name.contains(":") { return name.allSatisfy { $0.isHexDigit || $0 == ":" || $0 == "." } }
        let parts = name.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts.allSatisfy { UInt8($0) != nil }
    }
}
