extension KeyBudget {
    /// What the caller is told of a limit.
    struct Reading {
        var unit: StaticString
        var limit: Int
        var remaining: Int
        /// Seconds until all of it is there again.
        var reset: Int
    }

    func meters(at now: Double) -> [Reading] {
        func reading(_ unit: StaticString, _ meter: RateMeter) -> Reading {
            Reading(
                unit: unit, limit: meter.limit, remaining: meter.remaining(at: now),
                reset: Int(meter.reset(at: now).rounded(.up)))
        }
        let requests = requests.map { reading("requests", $0) }
        let tokens = (tokens ?? dailyTokens).map { reading("tokens", $0) }
        return [requests, tokens].compactMap(\.self)
    }

    /// Fields of an answer, as whole lines; nothing for a key without such limits.
    package func lines(at now: Double) -> [UInt8] {
        guard requests != nil || tokens != nil || dailyTokens != nil else { return [] }
        var lines = ""
        for meter in meters(at: now) {
            lines += "X-RateLimit-Limit-\(meter.unit): \(meter.limit)\r\n"
            lines += "X-RateLimit-Remaining-\(meter.unit): \(meter.remaining)\r\n"
            lines += "X-RateLimit-Reset-\(meter.unit): \(meter.reset)s\r\n"
        }
        return Array(lines.utf8)
    }
}
