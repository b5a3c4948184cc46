package import JSONModel

/// Why a token is not believed. Texts say what is wrong, never what the token holds.
package struct WebTokenError: Error, Sendable, Hashable, CustomStringConvertible {
    package var description: String

    package init(_ description: String) { self.description = description }
}

/// A JSON Web Token in its compact form (RFC 7519, RFC 7515), taken apart but not yet believed.
package struct WebToken: Sendable {
    /// More is refused before it is read. Kubernetes' tokens have about one KiB.
    package static let maximumSize = 16 << 10

    /// `alg`: `ES256`. What the token says of itself: a key decides whether it is true.
    package let algorithm: String
    /// `kid`.
    package let keyID: String?
    package let claims: JSONValue
    /// What is signed.
    let signed: [UInt8]
    let signature: [UInt8]

    /// - Throws: for anything but three parts of base64url, of which the first two are JSON objects.
    package init(parsing text: some StringProtocol) throws(WebTokenError) {
        let bytes = Array(text.utf8)
        guard bytes.count <= Self.maximumSize else { throw WebTokenError("the token is too large") }
        let parts = bytes.split(separator: UInt8(ascii: "."), maxSplits: 3, omittingEmptySubsequences: false)
        guard parts.count == 3 else { throw WebTokenError("the token does not have three parts") }
        let header = try Self.object(parts[0], "header")
        claims = try Self.object(parts[1], "claims")
        guard let algorithm = header["alg"]?.stringValue else { throw WebTokenError("the token names no algorithm") }
        // Extensions that must be understood (RFC 7515, section 4.1.11): there are none that we do.
        guard header["crit"] == nil else { throw WebTokenError("the token has critical headers that are not known") }
        guard let signature = Base64URL.decode(parts[2]) else { throw WebTokenError("the signature is no base64url") }
        self.algorithm = algorithm
        keyID = header["kid"]?.stringValue
        signed = Array(bytes[..<parts[1].endIndex])
        self.signature = signature
    }

    private static func object(_ part: ArraySlice<UInt8>, _ name: String) throws(WebTokenError) -> JSONValue {
        guard let bytes = Base64URL.decode(part) else { throw WebTokenError("the token's \(name) are no base64url") }
        guard let json = try? JSONValue(parsing: bytes), json.objectValue != nil else {
            throw WebTokenError("the token's \(name) are no JSON object")
        }
        return json
    }
}
