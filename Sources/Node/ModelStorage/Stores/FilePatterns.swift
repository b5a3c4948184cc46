import Glibc

/// Which files of a model are wanted: STORAGE_ALLOW_PATTERNS and STORAGE_IGNORE_PATTERNS, shell patterns with commas
/// between. `*` matches `/` too, as in Python's fnmatch; a pattern that ends with `/` means all below.
struct FilePatterns: Sendable, Hashable {
    private var allowed: [String]
    private var ignored: [String]

    init(_ variables: StorageVariables) {
        allowed = Self.parse(variables["STORAGE_ALLOW_PATTERNS"])
        ignored = Self.parse(variables["STORAGE_IGNORE_PATTERNS"])
    }

    /// Empty where all files are wanted.
    var text: String {
        (allowed.isEmpty ? "" : "+" + allowed.joined(separator: ","))
            + (ignored.isEmpty ? "" : "-" + ignored.joined(separator: ","))
    }

    func want(_ path: String) -> Bool {
        (allowed.isEmpty || allowed.contains { Self.matches(path, $0) })
            && !ignored.contains { Self.matches(path, $0) }
    }

    private static func parse(_ text: String?) -> [String] {
        (text ?? "").split(whereSeparator: { ",[]\n\"'".contains($0) })
            .map { $0.trimming(while: \.isWhitespace) }.filter { !$0.isEmpty }
            .map { $0.hasSuffix("/") ? $0 + "*" : $0 }
    }

    private static func matches(_ path: String, _ pattern: String) -> Bool { fnmatch(pattern, path, 0) == 0 }
}
