/// Reads a whole page of Prometheus' text format, version 0.0.4, and OpenMetrics' where the two agree. A line that is no
/// sample is passed over, and so are times and exemplars.
package enum ExpositionReader {
    package static func families(_ page: some Collection<UInt8>) -> [MetricFamily] {
        var (families, order): ([String: MetricFamily], [String]) = ([:], [])
        func change(_ name: String, _ body: (inout MetricFamily) -> Void) {
            if families[name] == nil {
                families[name] = MetricFamily(name, .untyped, help: "", samples: [])
                order.append(name)
            }
            families[name].map {
                var family = $0
                body(&family)
                families[name] = family
            }
        }
        for bytes in page.split(whereSeparator: { $0 == 10 || $0 == 13 }) {
            let line = String(decoding: bytes, as: UTF8.self)
            if line.hasPrefix("#") {
                let words = line.split(separator: " ", maxSplits: 3).map(String.init)
                guard words.count >= 3 else { continue }
                if words[1] == "TYPE", words.count > 3 {
                    change(words[2]) { $0.kind = MetricFamily.Kind(rawValue: words[3]) ?? .untyped }
                }
                if words[1] == "HELP" { change(words[2]) { $0.help = words.count > 3 ? words[3] : "" } }
            } else if let (name, sample) = sample(line[...]) {
                let family = Self.family(of: name) { families[$0] != nil }
                var named = sample
                named.suffix = String(name.dropFirst(family.count))
                change(family) { $0.samples.append(named) }
            }
        }
        return order.compactMap { families[$0] }.filter { !$0.samples.isEmpty }.map(named)
    }

    /// `x_bucket` is of `x`, if there is an `x`.
    private static func family(of name: String, _ isKnown: (String) -> Bool) -> String {
        guard !isKnown(name) else { return name }
        for suffix in ["_bucket", "_sum", "_count", "_total", "_created"] where name.hasSuffix(suffix) {
            let base = String(name.dropLast(suffix.count))
            if isKnown(base) { return base }
        }
        return name
    }

    /// OpenMetrics calls a counter `x` whose samples are `x_total`; here it is `x_total`.
    private static func named(_ family: MetricFamily) -> MetricFamily {
        guard family.kind == .counter, family.samples.allSatisfy({ $0.suffix == "_total" }) else { return family }
        var renamed = family
        renamed.name += "_total"
        for index in renamed.samples.indices { renamed.samples[index].suffix = "" }
        return renamed
    }

    private static func sample(_ line: Substring) -> (name: String, sample: MetricFamily.Sample)? {
        guard let end = line.firstIndex(where: { $0 == "{" || $0 == " " || $0 == "\t" }), end > line.startIndex else {
            return nil
        }
        var rest = line[end...]
        var labels: [(name: String, value: String)] = []
        if rest.first == "{" {
            guard let read = self.labels(&rest) else { return nil }
            labels = read
        }
        let word = rest.drop { $0 == " " || $0 == "\t" }.prefix { $0 != " " && $0 != "\t" }
        guard let value = number(word) else { return nil }
        let extra = labels.last.flatMap { $0.name == "le" ? $0 : nil }
        let kept = extra == nil ? labels : Array(labels.dropLast())
        return (String(line[..<end]), MetricFamily.Sample(value, labels: MetricLabels(kept), extra: extra))
    }

    private static func number(_ word: Substring) -> Double? {
        switch word {
        case "+Inf": .infinity
        case "-Inf": -.infinity
        case "NaN": .nan
        default: Double(word)
        }
    }

    /// - Returns: `nil` where the braces do not end, or what is in them is none.
    private static func labels(_ rest: inout Substring) -> [(name: String, value: String)]? {
        var labels: [(name: String, value: String)] = []
        rest = rest.dropFirst()
        while true {
            rest = rest.drop { $0 == " " || $0 == "," }
            if rest.first == "}" {
                rest = rest.dropFirst()
                return labels
            }
            guard let equals = rest.firstIndex(of: "=") else { return nil }
            let name = rest[..<equals].filter { $0 != " " }
            rest = rest[equals...].dropFirst().drop { $0 == " " }
            guard rest.first == "\"", let value = quoted(&rest) else { return nil }
            labels.append((String(name), value))
        }
    }

    private static func quoted(_ rest: inout Substring) -> String? {
        var (value, index) = ("", rest.index(after: rest.startIndex))
        while index < rest.endIndex {
            let character = rest[index]
            index = rest.index(after: index)
            switch character {
            case "\"":
                rest = rest[index...]
                return value
            case "\\":
                guard index < rest.endIndex else { return nil }
                value.append(rest[index] == "n" ? "\n" : rest[index])
                index = rest.index(after: index)
            default: value.append(character)
            }
        }
        return nil
    }
}
