/// The hosts of an AuthConfig.
struct HostPatterns: Sendable {
    private var names: Set<String> = []
    /// Of wildcards, with the dot: `.example.com`.
    private var suffixes: [String] = []

    /// - Parameter hosts: names with or without port, and wildcards such as `*.example.com`.
    init(_ hosts: [String]) {
        for host in hosts {
            let name = (host.split(separator: ":").first.map(String.init) ?? host).lowercased()
            if name.hasPrefix("*.") { suffixes.append(String(name.dropFirst())) } else { names.insert(name) }
            if name == "*" { suffixes.append("") }
        }
    }

    /// How exactly it means `host`: the whole name more than any wildcard, longer ones more than shorter ones.
    ///
    /// - Returns: `nil` where it does not.
    func rank(_ host: String) -> Int? {
        let host = host.lowercased()
        if names.contains(host) { return .max }
        // A route for all of *.example.com is one for a.example.com as well: whoever protects that protects the route.
        if host.hasPrefix("*"), names.contains(where: { $0.hasSuffix(host.dropFirst()) }) { return 0 }
        return suffixes.filter { host.hasSuffix($0) }.map(\.utf8.count).max()
    }
}
