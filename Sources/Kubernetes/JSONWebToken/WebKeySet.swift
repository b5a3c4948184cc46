package import JSONModel

/// The keys of one issuer: a JSON Web Key Set (RFC 7517, section 5).
package struct WebKeySet: Sendable {
    package var keys: [WebKey]

    package init(_ keys: [WebKey]) { self.keys = keys }

    /// Keys that cannot be used are left out, as the RFC wants it.
    package init(_ json: JSONValue) { keys = (json["keys"]?.arrayValue ?? []).compactMap(WebKey.init) }

    package var json: JSONValue { ["keys": .array(keys.map(\.json))] }

    /// - Throws: where none of the keys signed `token`. One that names its key is held to it.
    package func verify(_ token: WebToken) throws(WebTokenError) {
        let candidates = token.keyID.map { id in keys.filter { $0.id == id } } ?? keys
        guard !candidates.isEmpty else { throw WebTokenError("the token is signed with a key that is not known") }
        guard candidates.contains(where: { $0.verifies(token) }) else {
            throw WebTokenError("the token's signature is not valid")
        }
    }
}
