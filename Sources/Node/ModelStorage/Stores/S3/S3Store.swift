import AsyncHTTPClient
import KubeController
import NIOHTTP1
import Synchronization

/// A bucket of an S3 service: `s3://BUCKET/PREFIX`, where the prefix is an object or a directory of objects.
final class S3Store: ModelStore {
    private static let pageLimit = 16 << 20

    private let web: WebClient
    private let retrying: Retrying
    private let time: any TimeSource
    private let settings: S3Settings
    private let bucket: String
    private let prefix: String
    /// A bucket elsewhere says where.
    private let region: Mutex<String>

    private var title: String { "s3://\(bucket)/\(prefix)" }

    /// - Throws: `FileError` where the CA bundle cannot be read.
    init(bucket: String, prefix: String, _ variables: StorageVariables, web: WebClient, retrying: Retrying)
        throws(FileError)
    {
        settings = try S3Settings(variables, bucket: bucket)
        self.bucket = bucket
        self.prefix = prefix
        self.web = web
        self.retrying = retrying
        time = retrying.time
        region = Mutex(settings.region)
    }

    func files() async throws -> [StoredFile] {
        var objects: [ListedObject] = []
        var token: String?
        repeat {
            let list = try await retrying.run(url: title, hindered: { _ in }) { try await page(token) }
            objects += list.objects
            try FileListing.check(count: objects.count, title)
            guard list.next != token || token == nil else { throw corrupt() }
            token = list.next
        } while token != nil
        return try await checked(try ListedObject.select(objects, prefix: prefix, title: title))
    }

    /// The files with what they are to be checked against; some requests at a time.
    private func checked(_ files: [StoredFile]) async throws -> [StoredFile] {
        var checked = files
        for start in stride(from: 0, to: files.count, by: 16) {
            let sums = try await withThrowingTaskGroup(of: (Int, Checksum?).self) { group in
                for index in start..<min(start + 16, files.count) {
                    group.addTask { (index, try await self.checksum(files[index])) }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            for (index, checksum) in sums { checked[index].checksum = checksum }
        }
        return checked
    }

    /// An entity tag is an MD5, unless the object is encrypted with a key of its own, which `checksum(of:)` sees.
    private func checksum(_ file: StoredFile) async throws -> Checksum? {
        let parts = file.version.split(separator: "-")
        guard let digest = parts.first?.lowercased(), digest.count == 32, digest.allSatisfy(\.isHexDigit) else {
            return nil
        }
        if parts.count == 1 { return .md5(digest) }
        guard parts.count == 2, Int64(parts[1]) ?? 0 > 0 else { return nil }
        // The first part says how large they are. A service that does not know that question leaves it open.
        let first = try? await request(.HEAD, file.key, [("partNumber", "1")], title: title)
        guard let size = first?.headers.first(name: "Content-Length").flatMap({ Int64($0) }), size > 0,
            (file.size + size - 1) / size == Int64(parts[1])
        else { return nil }
        return .partsMD5(digest, partSize: size)
    }

    func get(_ file: StoredFile, _ range: Range<Int64>) async throws -> HTTPClientResponse {
        var headers = [("If-Match", "\"\(file.version)\"")]
        if range.count < file.size { headers.append(("Range", "bytes=\(range.lowerBound)-\(range.upperBound - 1)")) }
        return try await request(.GET, file.key, [], headers: headers, title: file.path)
    }

    func checksum(of file: StoredFile, _ headers: HTTPHeaders) -> Checksum? {
        let isOpaque =
            headers.first(name: "x-amz-server-side-encryption")?.hasPrefix("aws:kms") ?? false
            || headers.contains(name: "x-amz-server-side-encryption-customer-algorithm")
        return isOpaque ? nil : file.checksum
    }

    private func page(_ token: String?) async throws -> (objects: [ListedObject], next: String?) {
        var query = [("list-type", "2"), ("prefix", prefix), ("encoding-type", "url")]
        if let token { query.append(("continuation-token", token)) }
        let response = try await request(.GET, "", query, title: "list of objects")
        let bytes = try await web.collect(response, limit: Self.pageLimit)
        guard let list = XMLElement(parsing: bytes), list.name == "ListBucketResult" else { throw corrupt() }
        let objects = try list.children(named: "Contents").map(object)
        let next = list.text(of: "IsTruncated") == "true" ? list.text(of: "NextContinuationToken") : nil
        return (objects, next)
    }

    /// Sends a request, once more where the bucket turns out to be in another region.
    private func request(
        _ method: HTTPMethod, _ key: String, _ query: [(String, String)], headers: [(String, String)] = [],
        title: String
    ) async throws -> HTTPClientResponse {
        let used = region.withLock { $0 }
        let response = try await send(method, key, query, headers, region: used)
        if (200..<300).contains(response.status.code) { return response }
        if let other = response.headers.first(name: "x-amz-bucket-region"), other != used, settings.key != nil {
            region.withLock { $0 = other }
            let again = try await send(method, key, query, headers, region: other)
            if (200..<300).contains(again.status.code) { return again }
            throw failure(again, title)
        }
        throw failure(response, title)
    }

    private func send(
        _ method: HTTPMethod, _ key: String, _ query: [(String, String)], _ headers: [(String, String)], region: String
    ) async throws -> HTTPClientResponse {
        var settings = settings
        if region != settings.region {
            settings.endpoint = settings.endpoint.replacing("s3.\(settings.region).", with: "s3.\(region).")
        }
        let place = settings.place(bucket, key)
        var all = headers
        if let key = settings.key {
            let moment = time.timestamp.filter { $0 != "-" && $0 != ":" }
            all = RequestSignature(key: key, region: region).headers(
                method: method.rawValue, host: place.host, path: place.path, query: query, headers: headers, at: moment)
        }
        let search = query.isEmpty ? "" : "?" + RequestSignature.canonical(query)
        return try await web.send(
            WebRequest(
                address: WebAddress(url: place.root + place.path + search), method: method, headers: all,
                trust: settings.trust, followsRedirects: false))
    }

    private func failure(_ response: HTTPClientResponse, _ what: String) -> any Error {
        if response.status.code == 412 {
            return ModelStorageError(
                .digestMismatch, "\(what) of \(title) has changed while it was fetched", remedy: "try again")
        }
        let access =
            settings.key == nil
            ? "no credentials were found: give a Secret with AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY to the "
                + "service's ServiceAccount, or name a data connection in model.storage.key"
            : "check the access key, its permissions (s3:ListBucket and s3:GetObject), the region and the endpoint"
        return ResponseFailure.error(
            response, what == title ? what : "\(what) of \(title)", settings.endpoint, access: access)
    }

    private func object(_ element: XMLElement) throws -> ListedObject {
        guard let key = element.text(of: "Key"), let size = element.text(of: "Size").flatMap({ Int64($0) }) else {
            throw corrupt()
        }
        let decoded = PercentEncoding.decoded(key.replacing("+", with: " ")) ?? key
        let tag = (element.text(of: "ETag") ?? "").filter { $0 != "\"" }
        return ListedObject(key: decoded, size: size, version: tag)
    }

    private func corrupt() -> ModelStorageError {
        ModelStorageError(
            .corrupt, "\(settings.endpoint) did not answer with a list of objects", remedy: "check the endpoint")
    }
}
