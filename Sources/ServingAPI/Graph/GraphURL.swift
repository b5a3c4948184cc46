/// The address of a step: a host of the gateway's, and what it is asked for.
///
/// A graph is walked inside Martlet, with all that Martlet can reach: so steps go through the gateway, and nowhere else.
package struct GraphURL: Sendable, Hashable {
    /// Without port.
    package let host: String
    /// With the query; begins with a slash.
    package let target: String

    /// - Returns: `nil` for what is no http address.
    package init?(_ text: String) {
        let scheme = "http://"
        guard text.hasPrefix(scheme) else { return nil }
        let rest = text.dropFirst(scheme.count)
        let end = rest.firstIndex { "/?#".contains($0) } ?? rest.endIndex
        let authority = rest[..<end].split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        guard let name = authority.first, !name.isEmpty, !name.contains("@"),
            name.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F })
        else { return nil }
        if authority.count == 2 { guard UInt16(authority[1]) != nil else { return nil } }
        let target = rest[end...].prefix { $0 != "#" }
        guard target.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else { return nil }
        host = name.lowercased()
        self.target = target.hasPrefix("/") ? String(target) : "/" + target
    }
}
