import AsyncHTTPClient
import Crypto
import CryptoExtras
import FoundationEssentials
import JSONModel
import KubeController
import NIOHTTP1

/// A service account of Google's cloud: signs a claim with its key, and is given a token for it (RFC 7523).
struct ServiceAccount: Sendable {
    private static let scope = "https://www.googleapis.com/auth/devstorage.read_only"

    private let email: String
    private let keyID: String?
    private let tokenURI: String
    private let key: _RSA.Signing.PrivateKey

    /// - Parameter json: the key file as Google's console gives it.
    /// - Throws: `ModelStorageError` where it is no such file.
    init(_ json: String) throws(ModelStorageError) {
        guard let json = try? JSONValue(parsing: Array(json.utf8)), let email = json["client_email"]?.stringValue,
            let pem = json["private_key"]?.stringValue, let key = try? _RSA.Signing.PrivateKey(pemRepresentation: pem)
        else {
            throw ModelStorageError(
                .refused, "the Google credentials are no key file of a service account",
                remedy: "give the JSON key file as gcloud-application-credentials.json")
        }
        self.email = email
        self.key = key
        keyID = json["private_key_id"]?.stringValue
        tokenURI = json["token_uri"]?.stringValue ?? "https://oauth2.googleapis.com/token"
    }

    func token(web: WebClient, time: any TimeSource) async throws -> BorrowedToken.Token {
        let grant = "urn:ietf:params:oauth:grant-type:jwt-bearer"
        let body = "grant_type=\(PercentEncoding.encoded(grant))&assertion=\(try assertion(at: time.secondsSince1970))"
        return try await TokenRequest(web: web, url: tokenURI, title: "a token for \(email)").send(body)
    }

    /// A JSON Web Token that says who asks for what, good for an hour.
    func assertion(at seconds: Int64) throws -> String {
        var header: JSONValue = ["alg": "RS256", "typ": "JWT"]
        header["kid"] = keyID.map { .string($0) }
        let claims: JSONValue = [
            "iss": .string(email), "scope": .string(Self.scope), "aud": .string(tokenURI),
            "iat": .number(JSONNumber(Int(seconds))), "exp": .number(JSONNumber(Int(seconds) + 3600)),
        ]
        let text = Self.base64(header.serialized()) + "." + Self.base64(claims.serialized())
        let signature = try key.signature(for: SHA256.hash(data: Array(text.utf8)), padding: .insecurePKCS1v1_5)
        return text + "." + Self.base64(Array(signature.rawRepresentation))
    }

    private static func base64(_ bytes: [UInt8]) -> String {
        Data(bytes).base64EncodedString().replacing("+", with: "-").replacing("/", with: "_").filter { $0 != "=" }
    }
}

/// Asks an authorization server for a token (RFC 6749).
struct TokenRequest {
    let web: WebClient
    let url: String
    /// For messages.
    let title: String

    /// - Parameter body: a form.
    func send(_ body: String) async throws -> BorrowedToken.Token {
        let response = try await web.send(
            WebRequest(
                address: WebAddress(url: url), method: .POST,
                headers: [("Content-Type", "application/x-www-form-urlencoded")], body: Array(body.utf8),
                followsRedirects: false))
        guard response.status.code == 200 else {
            let access = "check the credentials, and that they are still in force"
            if response.status.code == 400 {
                throw ModelStorageError(.refused, "\(url) refuses to give \(title) (400)", remedy: access)
            }
            throw ResponseFailure.error(response, title, url, access: access)
        }
        let bytes = try await web.collect(response, limit: 1 << 20)
        guard let json = try? JSONValue(parsing: bytes),
            let text = json["access_token"]?.stringValue ?? json["token"]?.stringValue
        else { throw ModelStorageError(.refused, "\(url) gave no token", remedy: "check the credentials") }
        return .init(text: text, lifetime: .seconds(json["expires_in"]?.intValue ?? 300))
    }
}
