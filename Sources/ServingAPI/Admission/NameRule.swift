import JSONModel
import KubeModel

/// What an object's name may be.
enum NameRule: Sendable {
    /// At most 253 characters: labels with dots between them.
    case dnsSubdomain
    /// At most 63 letters, digits and `-`.
    case dnsLabel
    /// A label that starts with a letter.
    case dns1035Label

    /// What is wrong with `name`; `nil` if nothing is.
    func problem(_ name: String) -> String? {
        let most = self == .dnsSubdomain ? 253 : 63
        if name.utf8.count > most { return "must have at most \(most) characters, has \(name.utf8.count)" }
        return isWellFormed(name) ? nil : description
    }

    private var description: String {
        let rest = "start and end with a letter or digit"
        return switch self {
        case .dnsSubdomain: "must consist of lower-case letters, digits, '-' and '.', and \(rest), as in \"my-name\""
        case .dnsLabel: "must consist of lower-case letters, digits and '-', and \(rest), as in \"my-name\""
        case .dns1035Label:
            "must consist of lower-case letters, digits and '-', start with a letter and end with a letter or digit, "
                + "as in \"my-name\""
        }
    }

    private func isWellFormed(_ name: String) -> Bool {
        guard self == .dnsSubdomain else { return Self.isLabel(name[...], startsWithLetter: self == .dns1035Label) }
        return name.split(separator: ".", omittingEmptySubsequences: false).allSatisfy {
            Self.isLabel($0, startsWithLetter: false)
        }
    }

    private static func isLabel(_ text: Substring, startsWithLetter: Bool) -> Bool {
        let bytes = text.utf8
        guard let first = bytes.first, let last = bytes.last else { return false }
        return isLetter(first) || (isDigit(first) && !startsWithLetter)
            ? bytes.allSatisfy { isLetter($0) || isDigit($0) || $0 == UInt8(ascii: "-") } && last != UInt8(ascii: "-")
            : false
    }

    private static func isLetter(_ byte: UInt8) -> Bool { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) }
    private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }

    /// The causes for an object's name. An object without one is about to get it from `generateName`.
    func check(_ object: Object) -> [Status.Cause] {
        guard !object.name.isEmpty, let problem = problem(object.name) else { return [] }
        return [.invalid(FieldPath("metadata", "name"), object.name.quoted, problem)]
    }

    /// A validation that checks the name, then does `validation`.
    func before(
        _ validation: @escaping @Sendable (Object, Object?) -> [Status.Cause]
    ) -> @Sendable (Object, Object?) -> [Status.Cause] {
        { object, old in (old == nil ? check(object) : []) + validation(object, old) }
    }
}

extension String {
    /// As messages show a text: in quotes, escaped.
    var quoted: String { JSONValue.string(self).text }
}
