/// The forms that names take in Kubernetes. Each rule answers with what is wrong, in Kubernetes' words; `nil` if nothing.
enum NameRules {
    private static func isLowerAlphanumeric(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || isDigit(byte)
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }

    private static func isAlphanumeric(_ byte: UInt8) -> Bool {
        isLowerAlphanumeric(byte) || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
    }

    private static func isLabel(_ text: some Collection<UInt8>) -> Bool {
        guard let first = text.first, isLowerAlphanumeric(first) else { return false }
        return endsWell(text, isLowerAlphanumeric) && text.allSatisfy { isLowerAlphanumeric($0) || $0 == 0x2D }
    }

    private static func endsWell(_ text: some Collection<UInt8>, _ rule: (UInt8) -> Bool) -> Bool {
        text.reversed().first.map(rule) ?? false
    }

    private static func tooLong(_ limit: Int) -> String { "must be no more than \(limit) characters" }

    /// RFC 1123 subdomain: the prefixes of qualified names.
    static func subdomain(_ name: String) -> String? {
        guard name.utf8.count <= 253 else { return tooLong(253) }
        let labels = name.utf8.split(separator: 0x2E, omittingEmptySubsequences: false)
        if labels.allSatisfy({ isLabel($0) }) { return nil }
        return
            "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must "
            + "start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is "
            + "'[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')"
    }

    /// What every name is, whatever its resource allows beyond: it stands between two slashes of a path.
    static func pathSegment(_ name: String) -> String? {
        if name == "." || name == ".." { return "may not be '\(name)'" }
        guard let character = name.first(where: { $0 == "/" || $0 == "%" }) else { return nil }
        return "may not contain '\(character)'"
    }

    /// The keys of labels and annotations, and finalizers: `example.com/name`, `name`.
    static func qualifiedName(_ name: String) -> String? {
        let parts = name.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count <= 2, let last = parts.last else {
            return
                "a qualified name must consist of an optional DNS subdomain prefix and a name, as 'example.com/MyName'"
        }
        if parts.count == 2 {
            guard !parts[0].isEmpty else { return "prefix part must be non-empty" }
            if let problem = subdomain(String(parts[0])) { return "prefix part \(problem)" }
        }
        guard !last.isEmpty else { return "name part must be non-empty" }
        guard last.utf8.count <= 63 else { return "name part \(tooLong(63))" }
        if isWord(last.utf8) { return nil }
        return "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an "
            + "alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is "
            + "'([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')"
    }

    static func labelValue(_ value: String) -> String? {
        guard value.utf8.count <= 63 else { return tooLong(63) }
        if value.isEmpty || isWord(value.utf8) { return nil }
        return "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must "
            + "start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used "
            + "for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')"
    }

    private static func isWord(_ text: some Collection<UInt8>) -> Bool {
        guard let first = text.first, isAlphanumeric(first) else { return false }
        return endsWell(text, isAlphanumeric)
            && text.allSatisfy { isAlphanumeric($0) || $0 == 0x2D || $0 == 0x5F || $0 == 0x2E }
    }
}
