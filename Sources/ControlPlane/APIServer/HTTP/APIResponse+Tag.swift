import Crypto

extension APIResponse {
    /// With an entity tag of its content; without the content where the client says that it has that (RFC 9110).
    func tagged(for request: APIRequest) -> APIResponse {
        guard case .whole(let bytes) = body else { return self }
        return tagged(SHA256.hash(data: bytes).map { String(0x100 + Int($0), radix: 16).dropFirst() }.joined(), request)
    }

    /// - Parameter tag: changes whenever the content does.
    func tagged(_ tag: String, _ request: APIRequest) -> APIResponse {
        let quoted = "\"\(tag.uppercased())\""
        var response = self
        response.headers.append(("ETag", quoted))
        response.headers.append(("Vary", "Accept"))
        let known = request.ifNoneMatch.split(separator: ",").map { $0.drop { $0.isWhitespace } }
        if known.contains(where: { $0 == quoted || $0 == "W/\(quoted)" || $0 == "*" }) {
            response.code = 304
            response.body = .whole([])
        }
        return response
    }
}
