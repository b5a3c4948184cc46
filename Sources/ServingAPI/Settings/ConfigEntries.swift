import JSONModel
package import KubeModel

/// The entries of a ConfigMap, read one by one. A key that is missing leaves its setting as it is; so does one that
/// cannot be read, which is noted as a problem: admission and the parts that read the settings thus agree.
package struct ConfigEntries {
    package private(set) var problems: [Status.Cause] = []
    private let data: JSONValue?

    package init(_ configMap: Object?) { data = configMap?["data"] }

    package func text(_ key: String) -> String? { data?[key]?.stringValue }

    /// - Parameters:
    ///   - expectation: what the value must be, as the end of a sentence.
    ///   - parse: `nil` where the text is not that.
    package mutating func read<Value>(
        _ key: String, into value: inout Value, _ expectation: String, parse: (String) -> Value?
    ) {
        guard let text = text(key) else { return }
        if let parsed = parse(text.trimmed) { value = parsed } else { reject(key, expectation) }
    }

    package mutating func flag(_ key: String, into value: inout Bool) {
        read(key, into: &value, "must be true or false") { Bool($0.lowercased()) }
    }

    package mutating func count(_ key: String, into value: inout Int, in range: ClosedRange<Int> = 0...Int.max) {
        read(key, into: &value, "must be a whole number \(Self.text(range))") { text in
            Int(text).flatMap { range.contains($0) ? $0 : nil }
        }
    }

    package mutating func number(
        _ key: String, into value: inout Double, in range: ClosedRange<Double> = 0...Double.infinity
    ) {
        read(key, into: &value, "must be a number between \(range.lowerBound) and \(range.upperBound)") { text in
            Double(text).flatMap { range.contains($0) ? $0 : nil }
        }
    }

    package mutating func duration(
        _ key: String, into value: inout Duration, in range: ClosedRange<Duration> = .zero ... .seconds(Int64.max)
    ) {
        let least = range.lowerBound == .zero ? "" : " of at least \(range.lowerBound)"
        read(key, into: &value, "must be a duration\(least), as in 60s or 1m30s") { text in
            GoDuration.seconds(text).map { .seconds($0) }.flatMap { range.contains($0) ? $0 : nil }
        }
    }

    package mutating func word(_ key: String, into value: inout String, among words: [String]) {
        guard let given = text(key)?.trimmed else { return }
        if let word = words.first(where: { $0.lowercased() == given.lowercased() }) {
            value = word
        } else {
            problems.append(.notSupported(FieldPath("data").key(key), given.quoted, supported: words))
        }
    }

    /// Notes that the value of `key` will not do, alone or beside others.
    package mutating func reject(_ key: String, _ why: String) {
        problems.append(.invalid(FieldPath("data").key(key), (text(key) ?? "").quoted, why))
    }

    private static func text(_ range: ClosedRange<Int>) -> String {
        range.upperBound == .max
            ? "of at least \(range.lowerBound)" : "between \(range.lowerBound) and \(range.upperBound)"
    }
}

extension String {
    /// Without the spaces around it.
    fileprivate var trimmed: String {
        guard let last = lastIndex(where: { !$0.isWhitespace }) else { return "" }
        return String(self[...last].drop(while: \.isWhitespace))
    }
}
