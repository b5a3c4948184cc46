import FoundationEssentials
import JSONModel

/// What a package index says of one package: the files there are.
struct IndexPage: Sendable, Hashable {
    struct File: Sendable, Hashable {
        var name: String
        var url: String
        /// In hexadecimal digits.
        var sha256: String?
    }

    var files: [File]

    /// - Parameters:
    ///   - base: the page's own URL, which links are relative to.
    ///   - contentType: tells JSON (PEP 691) from HTML (PEP 503).
    /// - Returns: `nil` where the bytes are neither.
    init?(_ bytes: [UInt8], contentType: String, base: String) {
        guard contentType.contains("json") else {
            files = HTMLLinks.parse(String(decoding: bytes, as: UTF8.self)).compactMap { Self.file($0, base) }
            return
        }
        guard let entries = (try? JSONValue(parsing: bytes))?["files"]?.arrayValue else { return nil }
        files = entries.compactMap { entry in
            guard let name = entry["filename"]?.stringValue,
                let url = entry["url"]?.stringValue.flatMap({ Self.absolute($0, base) })
            else { return nil }
            return File(name: name, url: url, sha256: entry[path: "hashes", "sha256"]?.stringValue?.lowercased())
        }
    }

    private static func file(_ link: HTMLLinks.Link, _ base: String) -> File? {
        let parts = link.target.split(separator: "#", maxSplits: 1)
        guard let target = parts.first, let url = absolute(String(target), base) else { return nil }
        let digest = parts.count == 2 && parts[1].hasPrefix("sha256=") ? parts[1].dropFirst(7).lowercased() : nil
        return File(name: link.text, url: url, sha256: digest)
    }

    private static func absolute(_ url: String, _ base: String) -> String? {
        URL(string: url, relativeTo: URL(string: base))?.absoluteURL.absoluteString
    }
}

/// The links of an HTML page. As much of HTML as package indexes use.
enum HTMLLinks {
    struct Link: Hashable {
        var target: String
        var text: String
    }

    static func parse(_ page: String) -> [Link] {
        var links: [Link] = []
        var rest = page[...]
        while let start = rest.firstRange(of: "<a ") ?? rest.firstRange(of: "<A ") {
            rest = rest[start.upperBound...]
            guard let end = rest.firstIndex(of: ">"), let close = rest[end...].firstRange(of: "</") else { break }
            if let target = attribute("href", in: rest[..<end]) {
                let text = rest[rest.index(after: end)..<close.lowerBound]
                links.append(Link(target: unescaped(target), text: unescaped(text.trimming(while: \.isWhitespace))))
            }
            rest = rest[close.upperBound...]
        }
        return links
    }

    private static func attribute(_ name: String, in tag: Substring) -> String? {
        guard let start = tag.lowercased().firstRange(of: name + "=") else { return nil }
        let offset = tag.lowercased().distance(from: tag.lowercased().startIndex, to: start.upperBound)
        let value = tag.dropFirst(offset)
        guard let quote = value.first, quote == "\"" || quote == "'" else {
            return String(value.prefix { !$0.isWhitespace })
        }
        return String(value.dropFirst().prefix { $0 != quote })
    }

    private static func unescaped(_ text: String) -> String {
        guard text.contains("&") else { return text }
        return [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&#x27;", "'"), ("&amp;", "&")]
            .reduce(text) { $0.replacing($1.0, with: $1.1) }
    }
}
