/// What Kubernetes' libraries say about addresses.
enum NetworkFunctions {
    /// `nil` where the function is none of these.
    static func apply(_ name: String, _ text: String) -> CELValue? {
        switch name {
        case "isIP": .bool(family(text) != nil)
        case "isCIDR": .bool(isNetwork(text))
        case "isURL": .bool(isURL(text))
        default: nil
        }
    }

    /// 4 or 6; `nil` for what is no address.
    private static func family(_ text: String) -> Int? {
        text.contains(":") ? isVersion6(text) ? 6 : nil : isVersion4(text[...]) ? 4 : nil
    }

    private static func isVersion4(_ text: Substring) -> Bool {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4
            && parts.allSatisfy { part in
                part.utf8.allSatisfy { (0x30...0x39).contains($0) } && (part.count == 1 || part.first != "0")
                    && UInt8(part) != nil
            }
    }

    /// RFC 4291: eight groups; one run of zeros may be left out, the last two groups may be an IPv4 address.
    private static func isVersion6(_ text: String) -> Bool {
        let halves = text.split(separator: "::", omittingEmptySubsequences: false)
        guard halves.count <= 2, !text.contains(":::") else { return false }
        var groups = halves.flatMap { $0.isEmpty ? [] : $0.split(separator: ":", omittingEmptySubsequences: false) }
        var count = 0
        if let last = groups.last, last.contains(".") {
            guard isVersion4(last) else { return false }
            groups.removeLast()
            count = 2
        }
        guard groups.allSatisfy({ (1...4).contains($0.count) && $0.allSatisfy(\.isHexDigit) }) else { return false }
        count += groups.count
        return halves.count == 2 ? count < 8 : count == 8
    }

    private static func isNetwork(_ text: String) -> Bool {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, let family = family(String(parts[0])), let bits = UInt8(parts[1]) else { return false }
        return bits <= (family == 4 ? 32 : 128)
    }

    private static func isURL(_ text: String) -> Bool {
        text.wholeMatch(of: /[A-Za-z][A-Za-z0-9+.\-]*:\/\/[^\s\/?#]+[^\s]*/) != nil
            || text.wholeMatch(of: /\/[^\s]*/) != nil
    }
}
