extension Format {
    /// The formats of texts that custom resources may name (apiextensions' supported formats); sizes of numbers and
    /// passwords are documentation.
    static func problem(ofText text: String, _ format: String) -> String? {
        guard let rule = rules[format] else { return nil }
        return rule.holds(text) ? nil : "must be \(rule.what)"
    }

    private struct Rule: Sendable {
        var what: String
        var holds: @Sendable (String) -> Bool

        init(_ what: String, _ pattern: String) {
            self.what = what
            holds = { Pattern.matches($0, pattern) }
        }

        init(_ what: String, _ holds: @escaping @Sendable (String) -> Bool) {
            self.what = what
            self.holds = holds
        }
    }

    private static let hex = "[0-9a-fA-F]"
    private static let uuid = "^\(hex){8}-?\(hex){4}-?"

    private static let rules: [String: Rule] = [
        "date": Rule("a date such as 2026-01-31", #"^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$"#),
        "duration": Rule(
            "a duration such as 1h30m",
            #"^[-+]?(\d+(\.\d*)?\s?(ns|us|µs|ms|s|m|h|d|w|hr|hour|hours|min|minute|minutes|sec|second|seconds|day|days|week|weeks)\s?)+$|^0$"#
        ),
        "ipv4": Rule("an IPv4 address") { isIPv4($0[...]) },
        "ipv6": Rule("an IPv6 address") { isIPv6($0) },
        "cidr": Rule("a network such as 10.0.0.0/8") { isCIDR($0) },
        "mac": Rule("a MAC address", "^(\(hex){2}[:-]){5}\(hex){2}$"),
        "uuid": Rule("a UUID", "\(uuid)\(hex){4}-?\(hex){4}-?\(hex){12}$"),
        "uuid3": Rule("a UUID of version 3", "\(uuid)3\(hex){3}-?\(hex){4}-?\(hex){12}$"),
        "uuid4": Rule("a UUID of version 4", "\(uuid)4\(hex){3}-?[89abAB]\(hex){3}-?\(hex){12}$"),
        "uuid5": Rule("a UUID of version 5", "\(uuid)5\(hex){3}-?[89abAB]\(hex){3}-?\(hex){12}$"),
        "hostname": Rule("a host name") {
            NameRule.dnsSubdomain.problem($0.lowercased()) == nil
        },
        "email": Rule("an e-mail address", #"^[^@\s]+@[^@\s]+$"#),
        "uri": Rule("an absolute URI", #"^([A-Za-z][A-Za-z0-9+.-]*:\S*|/\S*)$"#),
        "hexcolor": Rule("a colour such as #ff0000", "^#?(\(hex){3}|\(hex){6})$"),
    ]

    private static func isIPv4(_ text: Substring) -> Bool {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4
            && parts.allSatisfy { part in
                (1...3).contains(part.utf8.count) && part.utf8.allSatisfy { (0x30...0x39).contains($0) }
                    && (part.count == 1 || part.first != "0") && Int(part) ?? 256 < 256
            }
    }

    /// RFC 4291: eight groups, of which one run of zeros may be left out, and the last two may be an IPv4 address.
    private static func isIPv6(_ text: String) -> Bool {
        guard text.contains(":"), !text.contains(":::") else { return false }
        let halves = text.split(separator: "::", maxSplits: 2, omittingEmptySubsequences: false)
        guard halves.count <= 2 else { return false }
        var count = 0
        for (index, half) in halves.enumerated() where !half.isEmpty {
            let groups = half.split(separator: ":", omittingEmptySubsequences: false)
            for (place, group) in groups.enumerated() {
                let isLast = index == halves.count - 1 && place == groups.count - 1
                if isLast, group.contains(".") {
                    guard isIPv4(group) else { return false }
                    count += 2
                } else {
                    guard (1...4).contains(group.count), group.allSatisfy(\.isHexDigit) else { return false }
                    count += 1
                }
            }
        }
        return halves.count == 2 ? count < 8 : count == 8
    }

    private static func isCIDR(_ text: String) -> Bool {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, let bits = Int(parts[1]), bits >= 0 else { return false }
        return isIPv4(parts[0]) ? bits <= 32 : isIPv6(String(parts[0])) && bits <= 128
    }
}
