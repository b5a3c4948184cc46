import AsyncHTTPClient
import FoundationEssentials
import JSONModel
import NIOHTTP1

/// A bucket of Google's cloud storage, by its JSON API: `gs://BUCKET/PREFIX`.
struct GoogleStore: ModelStore {
    private static let pageLimit = 16 << 20

    private let web: WebClient
    private let retrying: Retrying
    private let bucket: String
    private let prefix: String
    private let endpoint: String
    /// `nil` for an anonymous caller.
    private let token: BorrowedToken?

    private var title: String { "gs://\(bucket)/\(prefix)" }

    /// - Throws: `ModelStorageError` or `FileError` where the credentials cannot be read.
    init(bucket: String, prefix: String, _ variables: StorageVariables, web: WebClient, retrying: Retrying) throws {
        self.bucket = bucket
        self.prefix = prefix
        self.web = web
        self.retrying = retrying
        var endpoint = variables["STORAGE_EMULATOR_HOST"] ?? "https://storage.googleapis.com"
        if !endpoint.contains("://") { endpoint = "http://" + endpoint }
        while endpoint.hasSuffix("/") { endpoint.removeLast() }
        self.endpoint = endpoint
        let account = try variables.contents("GOOGLE_APPLICATION_CREDENTIALS").map { try ServiceAccount($0) }
        token = account.map { account in
            BorrowedToken(time: retrying.time) { try await account.token(web: web, time: retrying.time) }
        }
    }

    func files() async throws -> [StoredFile] {
        var objects: [ListedObject] = []
        var next: String?
        repeat {
            let list = try await retrying.run(url: title, hindered: { _ in }) { try await page(next) }
            objects += list.objects
            try FileListing.check(count: objects.count, title)
            guard list.next != next || next == nil else { throw corrupt() }
            next = list.next
        } while next != nil
        return try ListedObject.select(objects, prefix: prefix, title: title)
    }

    private func page(_ next: String?) async throws -> (objects: [ListedObject], next: String?) {
        var query = "prefix=\(PercentEncoding.encoded(prefix))&maxResults=1000"
        if let next { query += "&pageToken=\(PercentEncoding.encoded(next))" }
        let response = try await get(
            "\(endpoint)/storage/v1/b/\(PercentEncoding.encoded(bucket))/o?\(query)", [], title)
        let bytes = try await web.collect(response, limit: Self.pageLimit)
        guard let json = try? JSONValue(parsing: bytes), json.objectValue != nil else { throw corrupt() }
        return (try (json["items"]?.arrayValue ?? []).map(object), json["nextPageToken"]?.stringValue)
    }

    private func object(_ json: JSONValue) throws -> ListedObject {
        guard let name = json["name"]?.stringValue, let size = json["size"]?.stringValue.flatMap({ Int64($0) }) else {
            throw corrupt()
        }
        var checksum: Checksum?
        if let sum = json["crc32c"]?.stringValue.flatMap({ Data(base64Encoded: $0) }), sum.count == 4 {
            checksum = .crc32c(sum.reduce(0) { $0 << 8 | UInt32($1) })
        }
        if let md5 = json["md5Hash"]?.stringValue.flatMap({ Data(base64Encoded: $0) }), md5.count == 16 {
            checksum = .md5(hexadecimal(md5))
        }
        return ListedObject(
            key: name, size: size, version: json["generation"]?.stringValue ?? json["etag"]?.stringValue ?? "",
            checksum: checksum)
    }

    func get(_ file: StoredFile, _ range: Range<Int64>) async throws -> HTTPClientResponse {
        let object =
            "\(endpoint)/storage/v1/b/\(PercentEncoding.encoded(bucket))/o/\(PercentEncoding.encoded(file.key))"
        let generation = Int64(file.version).map { "&generation=\($0)" } ?? ""
        var headers = [("Accept-Encoding", "identity")]
        if range.count < file.size { headers.append(("Range", "bytes=\(range.lowerBound)-\(range.upperBound - 1)")) }
        return try await get("\(object)?alt=media\(generation)", headers, "\(file.path) of \(title)")
    }

    private func get(_ url: String, _ headers: [(String, String)], _ what: String) async throws -> HTTPClientResponse {
        var response = try await send(url, headers)
        if response.status.code == 401, let token {
            token.forget()
            response = try await send(url, headers)
        }
        guard response.status.code == 200 || response.status.code == 206 else {
            let access =
                token == nil
                ? "no credentials were found: give a Secret with gcloud-application-credentials.json to the service's "
                    + "ServiceAccount"
                : "let the service account read the bucket (storage.objects.list and storage.objects.get)"
            throw ResponseFailure.error(response, what, endpoint, access: access)
        }
        return response
    }

    private func send(_ url: String, _ headers: [(String, String)]) async throws -> HTTPClientResponse {
        let authorization = try await token?.text()
        return try await web.get(
            WebAddress(url: url, authorization: authorization.map { "Bearer \($0)" }), headers: headers)
    }

    private func corrupt() -> ModelStorageError {
        ModelStorageError(
            .corrupt, "\(endpoint) did not answer with a list of objects", remedy: "check the storageUri's bucket")
    }
}
