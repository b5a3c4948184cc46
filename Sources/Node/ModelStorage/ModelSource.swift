import FoundationEssentials

/// Where a model comes from: a `storageUri`, taken apart.
enum ModelSource: Sendable, Hashable {
    /// A file or directory inside a wheel of a Python package; the whole wheel where `path` is empty.
    case package(name: String, version: String, path: String)
    /// An absolute path on this machine.
    case local(path: String)
    /// One file, perhaps an archive. `sha256` is in hexadecimal digits.
    case web(url: String, sha256: String?)

    /// - Throws: `ModelStorageError` with code `InvalidURI`.
    init(parsing uri: String) throws(ModelStorageError) {
        guard let separator = uri.firstRange(of: "://") else {
            throw Self.invalid(uri, "write it with a scheme: \(Self.examples)")
        }
        let rest = String(uri[separator.upperBound...])
        switch uri[..<separator.lowerBound] {
        case "pypi": self = try Self.package(rest, uri)
        case "file": self = try Self.local(rest, uri)
        case "http", "https": self = try Self.web(uri)
        case let scheme: throw Self.invalid(uri, "the scheme \(scheme):// is not supported; use \(Self.examples)")
        }
    }

    private static let examples = "pypi://PACKAGE==VERSION/PATH, file:///PATH or https://HOST/PATH"

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
        guard parts.count == 2 else { return .web(url: String(first), sha256: nil) }
        let digest = parts[1].lowercased()
        guard digest.hasPrefix("sha256="), digest.count == 71, digest.dropFirst(7).allSatisfy(\.isHexDigit) else {
            throw invalid(uri, "after # only sha256= and 64 hexadecimal digits may follow")
        }
        return .web(url: String(first), sha256: String(digest.dropFirst(7)))
    }

    /// For people, logs and journals: without credentials, also those of a signed URL.
    var title: String {
        guard case .web(let url, _) = self else { return canonical }
        return WebAddress(splitting: url).title
    }

    /// Equal for URIs that mean the same model. May hold credentials.
    var canonical: String {
        switch self {
        case .package(let name, let version, let path): "pypi://\(PackageName.normalized(name))==\(version)/\(path)"
        case .local(let path): "file://\(path)"
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
