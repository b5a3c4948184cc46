import KubeModel

/// What a canary has to hold, as `martlet.dev/judge` says it: `error-rate<1%`, `p95-ttft<2s`, `tokens-per-second>20`, or in
/// comparison with the revision before it: `p95-ttft<1.2x`, `tokens-per-second>0.8x`.
package struct Objective: Sendable, Hashable {
    package enum Metric: Sendable, Hashable {
        /// The share of requests that failed, from 0 to 1.
        case errorRate
        /// Seconds to the first token, of the slowest but so many: 0.95.
        case firstToken(quantile: Double)
        /// Seconds to the end of the answer.
        case latency(quantile: Double)
        /// Tokens that an answer gets in each second.
        case tokensPerSecond
    }

    package var metric: Metric
    /// Less is asked for, or more where the metric is tokens per second.
    package var bound: Double
    /// The bound is so many times what is measured of the revision before it at the same time.
    package var isRelative = false
    /// As it was written.
    package var text: String

    /// Whether a measured value holds it.
    package func isMet(by value: Double) -> Bool { metric == .tokensPerSecond ? value > bound : value < bound }

    /// What is wrong with a text.
    package struct Problem: Error, Sendable, Hashable {
        package var text: String
        package var why: String
    }

    /// Reads objectives with commas between them; all that are wrong are told.
    package static func list(_ text: String) -> (objectives: [Objective], problems: [Problem]) {
        var (objectives, problems): ([Objective], [Problem]) = ([], [])
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            do throws(Problem) {
                let objective = try Objective(parsing: String(part.drop { $0 == " " }))
                if objectives.contains(where: { $0.metric == objective.metric }) {
                    throw Problem(text: objective.text, why: "is said twice; keep one")
                }
                objectives.append(objective)
            } catch {
                problems.append(error)
            }
        }
        return (objectives, problems)
    }

    init(parsing text: String) throws(Problem) {
        var text = text
        while text.last == " " { text.removeLast() }
        guard let sign = text.firstIndex(where: { "<>".contains($0) }) else {
            throw Problem(text: text, why: "must be METRIC<BOUND or METRIC>BOUND, as in \(Self.examples)")
        }
        let name = String(text[..<sign])
        guard let metric = Self.metric(name) else {
            throw Problem(text: text, why: "has an unknown metric; there are \(Self.examples)")
        }
        let wanted: Character = metric == .tokensPerSecond ? ">" : "<"
        guard text[sign] == wanted else { throw Problem(text: text, why: "must have \(wanted) behind \(name)") }
        let value = String(text[text.index(after: sign)...])
        let factor = value.hasSuffix("x") ? Double(value.dropLast()).flatMap { $0 > 0 && $0.isFinite ? $0 : nil } : nil
        guard let bound = factor ?? Self.bound(value, metric) else {
            throw Problem(text: text, why: "must have a bound as in \(Self.examples)")
        }
        isRelative = factor != nil
        self.metric = metric
        self.bound = bound
        self.text = text
    }

    private static let examples = "error-rate<1%, p95-ttft<2s, p99-latency<30s, tokens-per-second>20, p95-ttft<1.2x"

    private static func metric(_ name: String) -> Metric? {
        if name == "error-rate" { return .errorRate }
        if name == "tokens-per-second" { return .tokensPerSecond }
        let parts = name.split(separator: "-")
        guard parts.count == 2, parts[0].first == "p", let percent = Int(parts[0].dropFirst()),
            (1...99).contains(percent)
        else { return nil }
        return switch parts[1] {
        case "ttft": .firstToken(quantile: Double(percent) / 100)
        case "latency": .latency(quantile: Double(percent) / 100)
        default: nil
        }
    }

    private static func bound(_ text: String, _ metric: Metric) -> Double? {
        switch metric {
        case .errorRate:
            guard text.hasSuffix("%"), let percent = Double(text.dropLast()), percent > 0, percent <= 100 else {
                return nil
            }
            return percent / 100
        case .tokensPerSecond: return Double(text).flatMap { $0 > 0 && $0.isFinite ? $0 : nil }
        case .firstToken, .latency: return GoDuration.seconds(text).flatMap { $0 > 0 ? $0 : nil }
        }
    }
}
