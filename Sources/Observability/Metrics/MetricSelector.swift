/// A selector of Prometheus' for `/federate`: `name`, `{label="value"}`, or both. Only `=` and `!=` are known.
package struct MetricSelector: Sendable, Hashable {
    private struct Matcher: Sendable, Hashable {
        var name: String
        var value: String
        var isEqual: Bool
    }

    private var matchers: [Matcher] = []

    /// - Throws: `MetricSelectorProblem`.
    package init(parsing text: String) throws(MetricSelectorProblem) {
        let parts = text.split(separator: "{", maxSplits: 1, omittingEmptySubsequences: false)
        let name = String(parts[0].filter { $0 != " " })
        if !name.isEmpty { matchers.append(Matcher(name: "__name__", value: name, isEqual: true)) }
        if parts.count == 2 {
            guard let end = parts[1].lastIndex(of: "}") else { throw MetricSelectorProblem(text: text) }
            for piece in parts[1][..<end].split(separator: ",") { try add(piece, of: text) }
        }
        if matchers.isEmpty { throw MetricSelectorProblem(text: text) }
    }

    private mutating func add(_ piece: Substring, of text: String) throws(MetricSelectorProblem) {
        let words = piece.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        guard words.count == 2, !words[1].hasPrefix("~") else { throw MetricSelectorProblem(text: text) }
        let quoted = words[1].drop { $0 == " " }
        guard quoted.count >= 2, quoted.first == "\"" || quoted.first == "'", quoted.last == quoted.first else {
            throw MetricSelectorProblem(text: text)
        }
        let isEqual = !words[0].hasSuffix("!")
        let name = words[0].filter { $0 != " " && $0 != "!" }
        matchers.append(Matcher(name: String(name), value: String(quoted.dropFirst().dropLast()), isEqual: isEqual))
    }

    package func selected(_ family: MetricFamily) -> MetricFamily? {
        var selected = family
        selected.samples = family.samples.filter { sample in
            matchers.allSatisfy { matcher in
                let value =
                    matcher.name == "__name__"
                    ? family.name + sample.suffix
                    : (sample.labels.pairs.first { $0.name == matcher.name } ?? sample.extra)?.value ?? ""
                let isSame = value == matcher.value || (matcher.name == "__name__" && family.name == matcher.value)
                return isSame == matcher.isEqual
            }
        }
        return selected.samples.isEmpty ? nil : selected
    }
}

package struct MetricSelectorProblem: Error, Sendable, CustomStringConvertible {
    var text: String
    package var description: String {
        "match[]: \(text) is not understood; there are name, {label=\"value\"} and {label!=\"value\"}"
    }
}
