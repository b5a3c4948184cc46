import ServingAPI

/// Whether a new revision may have more of the traffic. Pure.
///
/// A step is judged when it was looked at for the interval and saw the least number of requests: every objective held
/// promotes it by one step, one that is missed takes all traffic from it. Only failed requests are judged sooner: when
/// they are too many whatever follows.
struct Judge: Sendable, Hashable {
    enum Verdict: Sendable, Hashable {
        case wait(String)
        case promote(to: Int, String)
        case rollBack(String)
    }

    var policy: JudgePolicy
    /// The share of the traffic that the new revision has.
    var percent: Int

    /// - Parameters:
    ///   - canary: since the step began; `stable` likewise, to compare with.
    ///   - elapsed: since then.
    func verdict(canary: RequestOutcomes, stable: RequestOutcomes, elapsed: Duration) -> Verdict {
        if let hopeless = hopeless(canary) { return .rollBack(hopeless) }
        guard elapsed >= policy.interval, canary.requests >= policy.leastRequests else {
            return .wait(
                "\(canary.requests) of at least \(policy.leastRequests) requests in \(elapsed.components.seconds) of "
                    + "at least \(policy.interval.components.seconds) s")
        }
        let values = policy.objectives.map { ($0, Self.value($0.metric, canary)) }
        if let (objective, _) = values.first(where: { $0.1 == nil }) {
            return .wait("nothing was measured for \(objective.text)")
        }
        if let waiting = waitsForStable(stable) { return .wait(waiting) }
        let missed = values.filter { objective, value in
            value.map { !isMet(objective, by: $0, canary, stable) } ?? false
        }
        let report = (missed.isEmpty ? values : missed).map { objective, _ in Self.report(objective, canary, stable) }
            .joined(separator: "; ")
        guard missed.isEmpty else { return .rollBack(report) }
        let next = policy.steps.first { $0 > percent } ?? 100
        return .promote(to: next, "\(report); \(canary.requests) requests")
    }

    /// What is compared has to be measured on both sides.
    private func waitsForStable(_ stable: RequestOutcomes) -> String? {
        guard let objective = policy.objectives.first(where: \.isRelative) else { return nil }
        if stable.requests < policy.leastRequests {
            return "\(objective.text): the revision before it had \(stable.requests) of at least "
                + "\(policy.leastRequests) requests"
        }
        let unmeasured = policy.objectives.first { $0.isRelative && Self.value($0.metric, stable) == nil }
        return unmeasured.map { "nothing was measured for \($0.text) of the revision before it" }
    }

    private func isMet(
        _ objective: Objective, by value: Double, _ canary: RequestOutcomes, _ stable: RequestOutcomes
    ) -> Bool {
        guard objective.isRelative else { return objective.isMet(by: value) }
        guard let before = Self.value(objective.metric, stable) else { return false }
        switch objective.metric {
        case .errorRate:
            // Not what chance explains: two standard deviations of a rare event (Poisson).
            let expected = objective.bound * before * Double(canary.requests)
            return Double(canary.errors) <= expected + 2 * max(expected, 1).squareRoot()
        case .tokensPerSecond: return value > objective.bound * before
        case .firstToken, .latency: return value < objective.bound * before
        }
    }

    /// More have failed already than may, were all others up to the least number to succeed.
    private func hopeless(_ canary: RequestOutcomes) -> String? {
        guard let objective = policy.objectives.first(where: { $0.metric == .errorRate && !$0.isRelative })
        else { return nil }
        let allowed = objective.bound * Double(max(canary.requests, policy.leastRequests))
        guard Double(canary.errors) >= max(1, allowed) else { return nil }
        return "\(objective.text): \(canary.errors) of \(canary.requests) requests failed"
    }

    /// `nil` where nothing was measured.
    static func value(_ metric: Objective.Metric, _ outcomes: RequestOutcomes) -> Double? {
        switch metric {
        case .errorRate: outcomes.requests > 0 ? Double(outcomes.errors) / Double(outcomes.requests) : nil
        case .firstToken(let quantile): outcomes.firstToken.quantile(quantile)
        case .latency(let quantile): outcomes.latency.quantile(quantile)
        case .tokensPerSecond:
            outcomes.generationSeconds > 0 ? Double(outcomes.tokens) / outcomes.generationSeconds : nil
        }
    }

    private static func report(
        _ objective: Objective, _ canary: RequestOutcomes, _ stable: RequestOutcomes
    ) -> String {
        let other = value(objective.metric, stable).map { ", before \(text($0, objective.metric))" } ?? ""
        let own = value(objective.metric, canary).map { text($0, objective.metric) } ?? "unknown"
        return "\(objective.text): is \(own)\(other)"
    }

    private static func text(_ value: Double, _ metric: Objective.Metric) -> String {
        switch metric {
        case .errorRate: "\((value * 1_000).rounded() / 10)%"
        case .firstToken, .latency: "\((value * 1_000).rounded() / 1_000)s"
        case .tokensPerSecond: "\((value * 10).rounded() / 10)"
        }
    }
}
