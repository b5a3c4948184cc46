/// What a name may be: of an object, a label or a part of an object.
package enum NameRule: Sendable {
    /// What can stand between two slashes of a path: every name, whatever else its resource asks for.
    case pathSegment
    /// At most 253 characters: labels with dots between them (RFC 1123).
    case dnsSubdomain
    /// At most 63 letters, digits and `-` (RFC 1123).
    case dnsLabel
    /// A DNS label that starts with a letter (RFC 1035).
    case dns1035Label
    /// The key of a label or an annotation, or a finalizer: `name` or `example.com/name`.
    case labelKey
    /// At most 63 letters, digits, `-`, `_` and `.`; may be empty.
    case labelValue

    /// What is wrong with `name`, as the end of a sentence; `nil` if nothing is.
    package func problem(_ name: String) -> String? {
        switch self {
        case .dnsSubdomain, .dnsLabel, .dns1035Label, .labelValue:
            name.utf8.count > most
                ? "must have at most \(most) characters, has \(name.utf8.count)" : isWellFormed(name) ? nil : shape
        case .labelKey: Self.problem(ofKey: name)
        case .pathSegment: Self.problem(ofSegment: name)
        }
    }

    private static func problem(ofSegment name: String) -> String? {
        if name == "." || name == ".." { return "must not be \"\(name)\"" }
        return name.first { $0 == "/" || $0 == "%" }.map { "must not contain '\($0)'" }
    }

    private var most: Int { self == .dnsSubdomain ? 253 : 63 }

    private var shape: String {
        let rest = "start and end with a letter or digit"
        return switch self {
        case .dnsSubdomain: "must consist of lower-case letters, digits, '-' and '.', and \(rest), as in \"my-name\""
        case .dnsLabel: "must consist of lower-case letters, digits and '-', and \(rest), as in \"my-name\""
        case .dns1035Label:
            "must consist of lower-case letters, digits and '-', start with a letter and end with a letter or digit, "
                + "as in \"my-name\""
        case .pathSegment, .labelKey, .labelValue:
            "must consist of letters, digits, '-', '_' and '.', and \(rest), as in \"My.Value\""
        }
    }

    private func isWellFormed(_ name: String) -> Bool {
        switch self {
        case .dnsSubdomain:
            name.split(separator: ".", omittingEmptySubsequences: false).allSatisfy { NameRule.dnsLabel.isLabel($0) }
        case .dnsLabel, .dns1035Label: isLabel(name[...])
        case .pathSegment, .labelKey, .labelValue: name.isEmpty || Self.isLabelText(name[...])
        }
    }

    private static func problem(ofKey key: String) -> String? {
        let parts = key.split(separator: "/", omittingEmptySubsequences: false)
        guard let name = parts.last, parts.count <= 2 else {
            return "must have one '/' at most, as in \"example.com/name\""
        }
        if parts.count == 2, let prefix = parts.first, let problem = NameRule.dnsSubdomain.problem(String(prefix)) {
            return "must have a prefix that is a DNS name: it \(problem)"
        }
        if name.isEmpty { return "must not be empty" }
        return NameRule.labelValue.problem(String(name))
    }

    private func isLabel(_ text: Substring) -> Bool {
        let bytes = text.utf8
        guard let first = bytes.first, let last = bytes.last else { return false }
        return (Self.isLower(first) || Self.isDigit(first) && self != .dns1035Label) && last != UInt8(ascii: "-")
            && bytes.allSatisfy { Self.isLower($0) || Self.isDigit($0) || $0 == UInt8(ascii: "-") }
    }

    private static func isLabelText(_ text: Substring) -> Bool {
        let bytes = text.utf8
        guard let first = bytes.first, let last = bytes.last else { return false }
        return isAlphanumeric(first) && isAlphanumeric(last)
            && bytes.allSatisfy { isAlphanumeric($0) || "-_.".utf8.contains($0) }
    }

    private static func isLower(_ byte: UInt8) -> Bool { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) }
    private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }

    private static func isAlphanumeric(_ byte: UInt8) -> Bool {
        isLower(byte) || isDigit(byte) || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
    }
}
