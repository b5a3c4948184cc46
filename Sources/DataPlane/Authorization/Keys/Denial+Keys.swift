extension Denial {
    /// 403: the key is good, but not for this.
    static func keyOutOfScope(_ key: ModelKey, for service: String) -> Denial {
        Denial(403, code: "permission_denied", "The key \(key.name) is not for \(service).")
            .with("X-Ext-Auth-Reason", "not authorized: the key is for other services")
    }

    /// 403: the key is for the service, but not for this.
    static func keyForOtherUse(_ key: ModelKey) -> Denial {
        Denial(
            403, code: "permission_denied",
            "The key \(key.name) may not do this: its verbs or models are others. A key for certain models is for "
                + "/openai/v1, where requests name their model."
        ).with("X-Ext-Auth-Reason", "not authorized: the key is for other verbs or models")
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
        for meter in key.budget.meters(at: now) {
            denial = denial.with("X-RateLimit-Limit-\(meter.unit)", "\(meter.limit)")
                .with("X-RateLimit-Remaining-\(meter.unit)", "\(meter.remaining)")
                .with("X-RateLimit-Reset-\(meter.unit)", "\(meter.reset)s")
        }
        return denial
    }
}
