import Crypto
import JSONModel
import ServingAPI

/// What a Python environment is made of. Equal recipes share one environment.
struct EnvironmentRecipe: Sendable, Hashable {
    /// Requirements, each with an exact version and perhaps hashes (`--hash=sha256:...`); sorted.
    var packages: [String]
    /// `3.11` or `3.11.7`; `nil` for the machine's own.
    var pythonVersion: String?
    /// Relative paths and texts.
    var files: [String: String]
    /// Packages, and the index of their own that each has.
    var indexes: [String: String]

    init(_ python: HostImage.Python) {
        packages = python.packages.sorted()
        pythonVersion = python.version
        files = python.files
        indexes = python.indexes
    }

    /// 16 hexadecimal digits. Short, since the paths of interpreters must fit the first line of a script.
    var key: String {
        let json: JSONValue = [
            "format": 1, "packages": .array(packages.map { .string($0) }),
            "python": pythonVersion.map { .string($0) } ?? .null,
            "files": .object(JSONObject(files.map { ($0.key, JSONValue.string($0.value)) })),
        ]
        let digits = SHA256.hash(data: json.serialized()).prefix(8).map { byte in
            let text = String(byte, radix: 16)
            return text.count == 1 ? "0" + text : text
        }
        return digits.joined()
    }

    /// What is installed at once: first what has an index of its own, each with it, then the rest.
    var steps: [(packages: [String], index: String?)] {
        let own = indexes.sorted { $0.key < $1.key }.map { name, url in
            (packages: packages.filter { Self.name($0) == name }, index: String?.some(url))
        }
        let rest = packages.filter { indexes[Self.name($0)] == nil }
        return (own + [(packages: rest, index: nil)]).filter { !$0.packages.isEmpty }
    }

    private static func name(_ requirement: String) -> String {
        String(requirement.prefix { $0.isLetter || $0.isNumber || "-_.".contains($0) })
    }

    var requiresHashes: Bool { packages.contains { $0.contains("--hash=") } }

    /// The packages without their hashes, for people: `xllamacpp==2026.10.11549`, `77 packages`.
    var title: String { Self.title(packages) }

    static func title(_ packages: [String]) -> String {
        let names = packages.map { $0.prefix { !$0.isWhitespace } }
        if names.count > 3 { return "\(names.count) packages" }
        return names.isEmpty ? "a Python environment" : names.joined(separator: ", ")
    }
}
