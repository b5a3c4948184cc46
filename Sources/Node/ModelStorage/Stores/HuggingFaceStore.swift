import AsyncHTTPClient
import FoundationEssentials
import JSONModel
import NIOHTTP1
import Synchronization

/// A repository of the Hugging Face hub, or of what speaks like it: `hf://OWNER/MODEL[:REVISION]`.
///
/// The revision is looked up once, so that all files are of the same commit.
final class HuggingFaceStore: ModelStore {
    private static let pageLimit = 64 << 20

    private let web: WebClient
    private let retrying: Retrying
    private let repository: String
    private let revision: String
    /// Without a slash at the end.
    private let endpoint: String
    private let authorization: String?
    private let trust: Trust
    private let commit = Mutex("")

    private var title: String { "hf://\(repository)" }

    /// - Throws: `FileError` where the CA bundle cannot be read.
    init(repository: String, revision: String?, _ variables: StorageVariables, web: WebClient, retrying: Retrying)
        throws(FileError)
    {
        self.repository = repository
        self.revision = revision ?? "main"
        self.web = web
        self.retrying = retrying
        var endpoint = variables["HF_ENDPOINT"] ?? "https://huggingface.co"
        while endpoint.hasSuffix("/") { endpoint.removeLast() }
        self.endpoint = endpoint
        authorization = variables["HF_TOKEN", "HUGGING_FACE_HUB_TOKEN"].map { "Bearer \($0)" }
        trust = try variables.trust(bundle: "REQUESTS_CA_BUNDLE", verifying: "HF_VERIFY_SSL")
    }

    func files() async throws -> [StoredFile] {
        let model = "\(endpoint)/api/models/\(PercentEncoding.encoded(repository, keeping: "/"))"
        let about = try await json("\(model)/revision/\(PercentEncoding.encoded(revision))").json
        guard let commit = about["sha"]?.stringValue, !commit.isEmpty else { throw corrupt() }
        self.commit.withLock { $0 = commit }
        var files: [StoredFile] = []
        var next: String? = "\(model)/tree/\(PercentEncoding.encoded(commit))?recursive=true"
        var seen: Set<String> = []
        while let url = next {
            guard seen.insert(url).inserted else { throw corrupt() }
            let page = try await json(url)
            guard let entries = page.json.arrayValue else { throw corrupt() }
            files += entries.compactMap(Self.file)
            try FileListing.check(count: files.count, title)
            next = page.next
        }
        return files
    }

    /// `nil` for a directory.
    private static func file(_ entry: JSONValue) -> StoredFile? {
        guard entry["type"]?.stringValue == "file", let path = entry["path"]?.stringValue,
            let size = entry["size"]?.intValue
        else { return nil }
        let digest = entry[path: "oid"]?.stringValue ?? ""
        let large = entry[path: "lfs", "oid"]?.stringValue
        return StoredFile(
            path: path, size: Int64(entry[path: "lfs", "size"]?.intValue ?? size), key: path, version: large ?? digest,
            checksum: large.map { .sha256($0) } ?? (digest.count == 40 ? .gitBlob(digest) : nil))
    }

    func get(_ file: StoredFile, _ range: Range<Int64>) async throws -> HTTPClientResponse {
        let path = PercentEncoding.encoded(file.key, keeping: "/")
        let commit = commit.withLock { $0 }
        let url = "\(endpoint)/\(PercentEncoding.encoded(repository, keeping: "/"))/resolve/\(commit)/\(path)"
        var headers = [("Accept-Encoding", "identity")]
        if range.count < file.size { headers.append(("Range", "bytes=\(range.lowerBound)-\(range.upperBound - 1)")) }
        return try await request(url, headers, file.path)
    }

    private func request(_ url: String, _ headers: [(String, String)], _ what: String) async throws
        -> HTTPClientResponse
    {
        // What is elsewhere gets no token.
        let address = WebAddress(url: endpoint, authorization: authorization).sibling(url)
        let response = try await web.send(WebRequest(address: address, headers: headers, trust: trust))
        guard response.status.code == 200 || response.status.code == 206 else {
            let access =
                authorization == nil
                ? "give a token as HF_TOKEN in a Secret of the service's ServiceAccount, and accept the model's terms "
                    + "at \(endpoint)/\(repository)"
                : "accept the model's terms at \(endpoint)/\(repository), and check that the token may read it"
            throw ResponseFailure.error(response, "\(what) of \(title)", endpoint, access: access)
        }
        return response
    }

    /// The answer, and where the next page of it is.
    private func json(_ url: String) async throws -> (json: JSONValue, next: String?) {
        try await retrying.run(url: title, hindered: { _ in }) {
            let response = try await request(url, [("Accept", "application/json")], "revision \(revision)")
            let bytes = try await web.collect(response, limit: Self.pageLimit)
            guard let json = try? JSONValue(parsing: bytes) else { throw corrupt() }
            return (json, response.headers["Link"].lazy.compactMap(Self.next).first)
        }
    }

    /// `<https://huggingface.co/api/...?cursor=...>; rel="next"`
    private static func next(_ link: String) -> String? {
        guard let part = link.split(separator: ",").first(where: { $0.contains("rel=\"next\"") }),
            let start = part.firstIndex(of: "<"), let end = part.firstIndex(of: ">"), start < end
        else { return nil }
        return String(part[part.index(after: start)..<end])
    }

    private func corrupt() -> ModelStorageError {
        ModelStorageError(
            .corrupt, "\(endpoint) did not answer as a Hugging Face hub does", remedy: "check HF_ENDPOINT")
    }
}
