/// Names and versions of Python packages.
enum PackageName {
    /// As package indexes spell it (PEP 503): small letters, and one `-` for each run of `-`, `_` and `.`.
    static func normalized(_ name: String) -> String {
        name.lowercased().split(whereSeparator: { "-_.".contains($0) }).joined(separator: "-")
    }

    /// Equal for versions that PEP 440 holds to be the same as far as files in use differ: `1.0` and `1.0.0`,
    /// `v1` and `1`, `1.0-rc1` and `1.0rc1`.
    static func canonicalVersion(_ version: String) -> String {
        var text = version.lowercased().filter { !"-_".contains($0) }
        if text.hasPrefix("v") { text.removeFirst() }
        let release = text.prefix { $0.isNumber || $0 == "." }
        let rest = text.dropFirst(release.count)
        var numbers = release.split(separator: ".").map { $0.drop { $0 == "0" } }.map { $0.isEmpty ? "0" : $0 }
        while numbers.count > 1, numbers.last == "0" { numbers.removeLast() }
        return numbers.joined(separator: ".") + rest
    }
}
