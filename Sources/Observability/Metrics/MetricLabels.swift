/// The labels of a series, with the text that a scrape shows of them: made once, and shared by all series that have them.
package struct MetricLabels: Sendable {
    package let pairs: [(name: String, value: String)]
    /// `a="1",b="2"`
    let text: [UInt8]

    package init(_ pairs: [(name: String, value: String)]) {
        self.pairs = pairs
        text = Self.text(pairs)
    }

    package static let none = MetricLabels([])

    package func with(_ more: [(name: String, value: String)]) -> MetricLabels { MetricLabels(pairs + more) }

    static func text(_ pairs: [(name: String, value: String)]) -> [UInt8] {
        var text: [UInt8] = []
        for (index, pair) in pairs.enumerated() {
            if index > 0 { text.append(UInt8(ascii: ",")) }
            append(pair, to: &text)
        }
        return text
    }

    static func append(_ pair: (name: String, value: String), to text: inout [UInt8]) {
        text += pair.name.utf8
        text += "=\"".utf8
        escape(pair.value, quotes: true, to: &text)
        text.append(UInt8(ascii: "\""))
    }

    static func escape(_ value: String, quotes: Bool, to text: inout [UInt8]) {
        for byte in value.utf8 {
            switch byte {
            case UInt8(ascii: "\\"): text += "\\\\".utf8
            case UInt8(ascii: "\n"): text += "\\n".utf8
            case UInt8(ascii: "\"") where quotes: text += "\\\"".utf8
            default: text.append(byte)
            }
        }
    }
}
