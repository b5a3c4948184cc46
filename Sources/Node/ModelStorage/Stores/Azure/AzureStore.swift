import AsyncHTTPClient
import FoundationEssentials
import KubeController
import NIOHTTP1

/// A container of Azure's blob storage: `https://ACCOUNT.blob.core.windows.net/CONTAINER/PREFIX`, where a shared access
/// signature may follow as the query.
struct AzureStore: ModelStore {
    private static let pageLimit = 16 << 20
    private static let version = "2021-12-02"

    private enum Access {
        case anonymous
        case signature(String)
        case key(AzureSignature)
        case token(BorrowedToken)
    }

    private let web: WebClient
    private let retrying: Retrying
    private let place: AzurePlace
    private let endpoint: String
    private let access: Access

    private var title: String { place.title }

    /// - Throws: `ModelStorageError` where the credentials cannot be used.
    init(_ place: AzurePlace, _ variables: StorageVariables, web: WebClient, retrying: Retrying) throws {
        self.place = place
        self.web = web
        self.retrying = retrying
        var endpoint = variables["AZURE_STORAGE_SERVICE_ENDPOINT"] ?? "https://\(place.host)"
        while endpoint.hasSuffix("/") { endpoint.removeLast() }
        self.endpoint = endpoint
        access = try Self.access(place, variables, web, retrying)
    }

    private static func access(
        _ place: AzurePlace, _ variables: StorageVariables, _ web: WebClient, _ retrying: Retrying
    ) throws -> Access {
        if let query = place.query { return .signature(query) }
        if let account = AzureAccount(variables) {
            return .token(BorrowedToken(time: retrying.time) { try await account.token(web: web) })
        }
        guard let key = variables["AZURE_STORAGE_ACCESS_KEY"] else { return .anonymous }
        return .key(try AzureSignature(account: place.account, key: key))
    }

    func files() async throws -> [StoredFile] {
        var objects: [ListedObject] = []
        var marker: String?
        repeat {
            let list = try await retrying.run(url: title, hindered: { _ in }) { try await page(marker) }
            objects += list.objects
            try FileListing.check(count: objects.count, title)
            guard list.next != marker || marker == nil else { throw corrupt() }
            marker = list.next
        } while marker != nil
        return try ListedObject.select(objects, prefix: place.prefix, title: title)
    }

    private func page(_ marker: String?) async throws -> (objects: [ListedObject], next: String?) {
        var query = [("restype", "container"), ("comp", "list"), ("prefix", place.prefix)]
        if let marker { query.append(("marker", marker)) }
        let response = try await get("/\(place.container)", query, [], title)
        let bytes = try await web.collect(response, limit: Self.pageLimit)
        guard let list = XMLElement(parsing: bytes), let blobs = list["Blobs"] else { throw corrupt() }
        let objects = try blobs.children(named: "Blob").compactMap(object)
        return (objects, list.text(of: "NextMarker").flatMap { $0.isEmpty ? nil : $0 })
    }

    /// `nil` for a directory, which a storage with a hierarchy lists too.
    private func object(_ blob: XMLElement) throws -> ListedObject? {
        guard let name = blob.text(of: "Name"), let about = blob["Properties"],
            let size = about.text(of: "Content-Length").flatMap({ Int64($0) })
        else { throw corrupt() }
        if about.text(of: "ResourceType") == "directory" { return nil }
        let md5 = about.text(of: "Content-MD5").flatMap { Data(base64Encoded: $0) }
        return ListedObject(
            key: name, size: size, version: about.text(of: "Etag") ?? "",
            checksum: md5.flatMap { $0.count == 16 ? .md5(hexadecimal($0)) : nil })
    }

    func get(_ file: StoredFile, _ range: Range<Int64>) async throws -> HTTPClientResponse {
        let tag = file.version.hasPrefix("\"") ? file.version : "\"\(file.version)\""
        var headers = [("If-Match", tag)]
        if range.count < file.size {
            headers.append(("x-ms-range", "bytes=\(range.lowerBound)-\(range.upperBound - 1)"))
        }
        let path = "/\(place.container)/\(PercentEncoding.encoded(file.key, keeping: "/"))"
        return try await get(path, [], headers, "\(file.path) of \(title)")
    }

    private func get(
        _ path: String, _ query: [(String, String)], _ headers: [(String, String)], _ what: String
    ) async throws -> HTTPClientResponse {
        var address = WebAddress(url: endpoint + path)
        var headers = headers + [("x-ms-version", Self.version)]
        var search = RequestSignature.canonical(query)
        switch access {
        case .anonymous: break
        case .signature(let signature): search += (search.isEmpty ? "" : "&") + signature
        case .token(let token): address.authorization = "Bearer \(try await token.text())"
        case .key(let signature):
            headers.append(("x-ms-date", HTTPDate.text(seconds: retrying.time.secondsSince1970)))
            address.authorization = signature.authorization("GET", path: path, query: query, headers: headers)
        }
        if !search.isEmpty { address.url += "?" + search }
        let response = try await web.send(WebRequest(address: address, headers: headers, followsRedirects: false))
        guard response.status.code == 200 || response.status.code == 206 else { throw failure(response, what) }
        return response
    }

    private func failure(_ response: HTTPClientResponse, _ what: String) -> any Error {
        if response.status.code == 412 {
            return ModelStorageError(.digestMismatch, "\(what) has changed while it was fetched", remedy: "try again")
        }
        let remedy =
            switch access {
            case .anonymous:
                "give a Secret with AZURE_STORAGE_ACCESS_KEY or AZURE_CLIENT_ID to the ServiceAccount, or "
                    + "a shared access signature in the storageUri"
            case .signature: "the shared access signature must allow to read and to list, and be in force"
            case .key, .token: "check the credentials, and that they may read the container"
            }
        // Azure answers 404 to who may not see that there is something.
        return ResponseFailure.error(response, what, endpoint, access: remedy)
    }

    private func corrupt() -> ModelStorageError {
        ModelStorageError(
            .corrupt, "\(endpoint) did not answer with a list of blobs", remedy: "check the storageUri's container")
    }
}
