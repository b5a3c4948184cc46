import AsyncHTTPClient
import NIOHTTP1

/// A place that holds models: lists a model's files, and gives any part of one.
protocol ModelStore: Sendable {
    /// All files of the model, as they are now. Names are as the store has them: not to be trusted.
    ///
    /// - Throws: `ModelStorageError`, `PassingFailure` or `CancellationError`.
    func files() async throws -> [StoredFile]

    /// Asks for the bytes of a file from `range.lowerBound` to `range.upperBound`. The body is still to be read.
    ///
    /// - Returns: an answer with status 200 or 206.
    /// - Throws: `PassingFailure`, `ModelStorageError` or `CancellationError`.
    func get(_ file: StoredFile, _ range: Range<Int64>) async throws -> HTTPClientResponse

    /// What the contents are checked against, now that the store has answered with these headers.
    func checksum(of file: StoredFile, _ headers: HTTPHeaders) -> Checksum?
}

extension ModelStore {
    func checksum(of file: StoredFile, _ headers: HTTPHeaders) -> Checksum? { file.checksum }
}

/// A file of a model, as a store lists it.
struct StoredFile: Sendable, Hashable {
    /// Where it is in the model.
    var path: String
    var size: Int64
    /// What the store calls it.
    var key: String
    /// Changes with the contents: an entity tag or a digest.
    var version: String
    /// `nil` where the store promises nothing that can be checked.
    var checksum: Checksum?
}

/// The listing of a model: files with names that can be trusted.
enum FileListing {
    static let limit = 100_000

    /// - Throws: `ModelStorageError` for names that would lead out of the model, that are there twice, or that are
    ///   both a file's and a directory's.
    static func checked(_ files: [StoredFile], _ title: String) throws(ModelStorageError) -> [StoredFile] {
        var names: Set<String> = []
        var checked: [StoredFile] = []
        for var file in files {
            guard let path = SafePath.relative(file.path), !path.isEmpty, file.size >= 0 else {
                throw unsafe(title, "its file \(quoted(file.path)) would be written elsewhere")
            }
            guard names.insert(path).inserted else { throw unsafe(title, "it has \(quoted(path)) twice") }
            file.path = path
            checked.append(file)
        }
        for name in names {
            var parent = name[...]
            while let slash = parent.lastIndex(of: "/") {
                parent = parent[..<slash]
                if names.contains(String(parent)) {
                    throw unsafe(title, "\(quoted(String(parent))) is both a file and a directory")
                }
            }
        }
        return checked
    }

    /// - Throws: `ModelStorageError` where a listing does not end.
    static func check(count: Int, _ title: String) throws(ModelStorageError) {
        guard count > limit else { return }
        throw ModelStorageError(
            .notFound, "\(title) has more than \(limit) files", remedy: "name the directory that holds the model")
    }

    private static func unsafe(_ title: String, _ problem: String) -> ModelStorageError {
        ModelStorageError(
            .unsafeArchive, "\(title) cannot be stored: \(problem)", remedy: "rename it where the model is")
    }

    private static func quoted(_ text: String) -> String {
        "\"" + text.prefix(200).map { $0.isASCII && ($0.asciiValue ?? 0) < 32 ? "?" : String($0) }.joined() + "\""
    }
}
