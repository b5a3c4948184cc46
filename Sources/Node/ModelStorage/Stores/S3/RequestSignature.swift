import Crypto

/// AWS's signature of a request, version 4, for requests without a body.
struct RequestSignature {
    struct Key: Sendable, Hashable {
        var id: String
        var secret: String
        /// Of credentials that are lent for some hours.
        var sessionToken: String?
    }

    private static let emptyBody = hexadecimal(SHA256.hash(data: [UInt8]()))

    let key: Key
    let region: String
    var service = "s3"

    /// The headers of a signed request, `Authorization` and `X-Amz-Date` among them.
    ///
    /// - Parameters:
    ///   - path: percent-encoded as in the request.
    ///   - query: names and values as they are meant, not encoded.
    ///   - headers: others that are to be signed.
    ///   - moment: `20130524T000000Z`.
    func headers(
        method: String, host: String, path: String, query: [(String, String)], headers: [(String, String)] = [],
        at moment: String
    ) -> [(String, String)] {
        var own = [("x-amz-content-sha256", Self.emptyBody), ("x-amz-date", moment)]
        if let token = key.sessionToken { own.append(("x-amz-security-token", token)) }
        let signed = (headers + own + [("host", host)]).map { ($0.0.lowercased(), $0.1) }.sorted { $0.0 < $1.0 }
        let names = signed.map(\.0).joined(separator: ";")
        let request = [
            method, path, Self.canonical(query), signed.map { "\($0.0):\($0.1)\n" }.joined(), names, Self.emptyBody,
        ].joined(separator: "\n")
        let day = String(moment.prefix(8))
        let scope = "\(day)/\(region)/\(service)/aws4_request"
        let text = "AWS4-HMAC-SHA256\n\(moment)\n\(scope)\n\(hexadecimal(SHA256.hash(data: Array(request.utf8))))"
        let signature = hexadecimal(Self.hash(text, key: signingKey(day)))
        let authorization =
            "AWS4-HMAC-SHA256 Credential=\(key.id)/\(scope),SignedHeaders=\(names),Signature=\(signature)"
        return headers + own + [("Authorization", authorization)]
    }

    private func signingKey(_ day: String) -> [UInt8] {
        [day, region, service, "aws4_request"].reduce(Array("AWS4\(key.secret)".utf8)) { Self.hash($1, key: $0) }
    }

    private static func hash(_ text: String, key: [UInt8]) -> [UInt8] {
        Array(HMAC<SHA256>.authenticationCode(for: Array(text.utf8), using: SymmetricKey(data: key)))
    }

    /// A query, encoded and in the order in which it is signed.
    static func canonical(_ query: [(String, String)]) -> String {
        query.map { (PercentEncoding.encoded($0.0), PercentEncoding.encoded($0.1)) }
            .sorted { $0 < $1 }.map { "\($0.0)=\($0.1)" }.joined(separator: "&")
    }
}
