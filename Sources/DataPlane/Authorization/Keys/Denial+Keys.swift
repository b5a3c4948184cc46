extension Denial {
    /// 403: the key is good, but not for this.
    static func keyOutOfScope(_ key: ModelKey, for service: String) -> Denial {
        Denial(403, code: "permission_denied", "The key \(key.name) is not for \(service).")
            .with("X-Ext-Auth-Reason", "not authorized: the key is for other services")
    }

    /// 429, with the fields that OpenAI's clients know.
    package static func exceeded(_ exceeded: KeyBudget.Exceeded, of key: ModelKey, at now: Double) -> Denial {
        let name = exceeded.limit.rawValue
        guard exceeded.wait.isFinite else {
            return Denial(
                429, code: "rate_limit_exceeded",
                "The request alone is more than all \(name) that the key \(key.name) has.")
        }
        let seconds = max(1, Int(exceeded.wait.rounded(.up)))
        var denial = Denial(
            429, code: "rate_limit_exceeded",
            "The key \(key.name) has used up its \(name). Try again in \(seconds) s.")
        denial = denial.with("Retry-After", "\(seconds)")
        for (unit, meter) in [
            ("requests", key.budget.requests), ("tokens", key.budget.tokens ?? key.budget.dailyTokens),
        ] {
            guard let meter else { continue }
            denial = denial.with("X-RateLimit-Limit-\(unit)", "\(meter.limit)")
                .with("X-RateLimit-Remaining-\(unit)", "\(meter.remaining(at: now))")
                .with("X-RateLimit-Reset-\(unit)", "\(Int(meter.reset(at: now).rounded(.up)))s")
        }
        return denial
    }
}
