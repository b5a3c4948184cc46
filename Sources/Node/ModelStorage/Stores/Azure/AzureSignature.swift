import Crypto
import FoundationEssentials
import KubeController

/// Azure's Shared Key signature of a GET request.
struct AzureSignature: Sendable {
    let account: String
    private let key: SymmetricKey

    /// - Throws: `ModelStorageError` where the key is not base64.
    init(account: String, key: String) throws(ModelStorageError) {
        guard let bytes = Data(base64Encoded: key) else {
            throw ModelStorageError(
                .refused, "AZURE_STORAGE_ACCESS_KEY is no access key", remedy: "copy it anew from the storage account")
        }
        self.account = account
        self.key = SymmetricKey(data: bytes)
    }

    /// The value of the Authorization header.
    ///
    /// - Parameters:
    ///   - path: percent-encoded as in the request.
    ///   - query: names and values as they are meant.
    ///   - headers: `x-ms-date` and `x-ms-version` among them.
    func authorization(
        _ method: String, path: String, query: [(String, String)], headers: [(String, String)]
    ) -> String {
        let named = headers.map { ($0.0.lowercased(), $0.1) }
        func value(_ name: String) -> String { named.first { $0.0 == name }?.1 ?? "" }
        // Encoding, language, length, MD5, type and date are empty; then come the conditions, and Range.
        let standard =
            [method] + Array(repeating: "", count: 7)
            + ["if-match", "if-none-match", "if-unmodified-since", "range"].map(value)
        let own = named.filter { $0.0.hasPrefix("x-ms-") }.sorted { $0.0 < $1.0 }.map { "\($0.0):\($0.1)" }
        let resource =
            ["/\(account)\(path)"]
            + query.map { ($0.0.lowercased(), $0.1) }.sorted { $0.0 < $1.0 }.map { "\($0.0):\($0.1)" }
        let text = (standard + own + resource).joined(separator: "\n")
        let code = HMAC<SHA256>.authenticationCode(for: Data(text.utf8), using: key)
        return "SharedKey \(account):\(Data(code).base64EncodedString())"
    }
}

/// An application of Azure's directory, which is given tokens for storage.
struct AzureAccount: Sendable {
    private let tenant: String
    private let client: String
    private let secret: String
    private let authority: String

    /// `nil` where the variables name none.
    init?(_ variables: StorageVariables) {
        guard let tenant = variables["AZURE_TENANT_ID", "AZ_TENANT_ID"],
            let client = variables["AZURE_CLIENT_ID", "AZ_CLIENT_ID"],
            let secret = variables["AZURE_CLIENT_SECRET", "AZ_CLIENT_SECRET"]
        else { return nil }
        self.tenant = tenant
        self.client = client
        self.secret = secret
        authority = variables["AZURE_AUTHORITY_HOST"] ?? "https://login.microsoftonline.com"
    }

    func token(web: WebClient) async throws -> BorrowedToken.Token {
        let form = [
            ("grant_type", "client_credentials"), ("client_id", client), ("client_secret", secret),
            ("scope", "https://storage.azure.com/.default"),
        ]
        let url = "\(authority)/\(PercentEncoding.encoded(tenant))/oauth2/v2.0/token"
        return try await TokenRequest(web: web, url: url, title: "a token for the client \(client)")
            .send(RequestSignature.canonical(form))
    }
}

/// RFC 9110's dates: `Sun, 06 Nov 1994 08:49:37 GMT`.
enum HTTPDate {
    static func text(seconds: Int64) -> String {
        let days = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        let date = Calendar(identifier: .gregorian).utc(seconds)
        func two(_ value: Int?) -> String { (value ?? 0) < 10 ? "0\(value ?? 0)" : "\(value ?? 0)" }
        let time = [date.hour, date.minute, date.second].map(two).joined(separator: ":")
        let month = months[(date.month ?? 1) - 1]
        return "\(days[Int(seconds / 86_400 % 7)]), \(two(date.day)) \(month) \(date.year ?? 0) \(time) GMT"
    }
}

extension Calendar {
    fileprivate func utc(_ seconds: Int64) -> DateComponents {
        var calendar = self
        calendar.timeZone = .gmt
        return calendar.dateComponents(
            [.year, .month, .day, .hour, .minute, .second], from: Date(timeIntervalSince1970: Double(seconds)))
    }
}
