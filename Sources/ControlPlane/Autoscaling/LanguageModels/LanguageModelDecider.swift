#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// How many replicas a language model should have: a pure function of a history of readings, as `Decider` is.
///
/// A replica runs so many requests at once, its slots; one request occupies a slot for its service time. So many slots are
/// needed as requests arrive within a service time, and a few more, so that hardly any waits longer than the first
/// token may take. What will have queued up by the time a new replica could help is worked off by further replicas, as
/// many as make the requests that are late and the replicas' idle time least together. Replicas that are starting count as
/// there. There is no panic: nothing is started that was not reckoned to be of use once it is ready.
///
/// What counts is the rate when a replica that is started now is ready. Where the rate rises or falls steadily, it is
/// reckoned on along that trend; a jump says nothing of how long it lasts, and is thought to last as long again as it has
/// lasted so far.
package struct LanguageModelDecider: Sendable {
    package struct Decision: Sendable, Hashable {
        package var desired: Int
        /// Requests that arrive in a second.
        package var rate: Double
        /// Slots that are needed for them.
        package var demand: Double
        /// Slots of one replica.
        package var slots: Double
        /// Requests that will wait when a replica that is started now is ready.
        package var backlog: Double
    }

    package private(set) var policy: LanguageModelPolicy
    private var meter = ServiceMeter()
    private var hold = ReplicaHold()
    private var tokens = TokenDemand()
    /// What a replica was seen to run while requests waited in the engine.
    private var learnedSlots: Double?
    /// Since when requests wait.
    private var lateSince: Double?
    /// When those that start now were begun, oldest first.
    private var starts: [Double] = []

    package init(_ policy: LanguageModelPolicy) { self.policy = policy }

    package mutating func update(_ policy: LanguageModelPolicy) { self.policy = policy }

    package mutating func decide(_ reading: LanguageModelReading) -> Decision {
        let now = reading.moment.inSeconds
        learnSlots(reading)
        trackStarts(reading, now)
        let slots = max(0.01, policy.slots ?? learnedSlots ?? policy.assumedSlots)
        let running = reading.engine?.running ?? min(Double(reading.inFlight), Double(reading.ready) * slots)
        meter.record(reading, running: running)
        let start = (reading.startTime ?? policy.assumedStart).inSeconds
        tokens.record(reading, start: start, at: now)
        guard let service = meter.serviceTime else {
            // Nothing has been answered yet: one replica, and as many as there are.
            let desired = reading.inFlight > 0 ? max(1, reading.ready + reading.starting) : 0
            let kept = hold.keep(
                need: desired, existing: reading.ready + reading.starting, least: policy.leastHold.inSeconds,
                breakEven: 0, at: now)
            return Decision(desired: kept, rate: meter.rate, demand: 0, slots: slots, backlog: 0)
        }
        let (rate, trend) = (meter.rate, meter.trend)
        let coming = trend.rate(rate, after: start)
        let demand = coming * service
        let replicaRate = slots / service
        // Of what is there already, as many as are needed now.
        let present = min(reading.ready, needed(rate * service, service, slots))
        let base = max(
            needed(demand, service, slots), present, cacheNeed(reading), tokens.replicas(use: policy.targetCacheUse),
            slowNeed(reading, slots),
            reading.inFlight > 0 ? 1 : 0)
        let kept = hold.keep(
            need: base, existing: reading.ready + reading.starting, least: max(policy.leastHold.inSeconds, start),
            breakEven: 3 * replicaRate * start, at: now)
        let backlog = backlog(
            reading, running: running, rate: (rate + coming) / 2, replicaRate: replicaRate, start: start, now)
        let isLate = Double(reading.inFlight) > running
        let drain =
            persistence(isLate: Double(reading.inFlight) > running + 1, start: start, at: now)
            .map {
                drainNeed(backlog, rate: coming, replicaRate: replicaRate, start: start, base: base, persistence: $0)
            }
        // What is starting is not given up while requests wait, unless fewer and fewer come.
        let begun = isLate && trend.slope >= 0 ? reading.ready + reading.starting : 0
        return Decision(
            desired: max(kept, drain ?? 0, begun), rate: rate, demand: demand, slots: slots, backlog: backlog)
    }

    /// The slots for the demand, and as many more as keep the wait within the objective: with c slots for a demand of a, the
    /// share of requests that wait longer than t falls as exp(-(c - a) t / service time); 1 % may. Twice the square root of
    /// the demand is enough in any case (square-root staffing).
    private func needed(_ demand: Double, _ service: Double, _ slots: Double) -> Int {
        guard demand > 0 else { return 0 }
        let objective = max(0.05, policy.targetFirstToken.inSeconds)
        let slack = min(service / objective * log(100), 2 * demand.squareRoot() + 1)
        return max(1, Int(clamped: ((demand + slack) / slots).rounded(.up)))
    }

    /// Where the KV cache is fuller than it should be, as many replicas as empty it.
    private func cacheNeed(_ reading: LanguageModelReading) -> Int {
        guard let use = reading.engine?.cacheUse, use > policy.targetCacheUse else { return 0 }
        return Int(clamped: (Double(reading.ready) * use / policy.targetCacheUse).rounded(.up))
    }

    /// Where first tokens come late although there should be slots enough, another replica; one at a time. Not where the
    /// engines are half empty: then it is the prompts that take so long, and no replica would help.
    private func slowNeed(_ reading: LanguageModelReading, _ slots: Double) -> Int {
        guard let engine = reading.engine, let firstToken = engine.firstToken, firstToken > policy.targetFirstToken,
            engine.running + engine.waiting > slots * Double(reading.ready) / 2
        else { return 0 }
        return reading.ready + 1
    }

    /// Requests that wait when a replica that is started now is ready.
    private func backlog(
        _ reading: LanguageModelReading, running: Double, rate: Double, replicaRate: Double, start: Double,
        _ now: Double
    ) -> Double {
        let waiting = max(0, Double(reading.inFlight) - running)
        let replicaSeconds = starts.reduce(Double(reading.ready) * start) { $0 + min(start, max(0, now - $1)) }
        return max(0, waiting + rate * start - replicaRate * replicaSeconds)
    }

    /// How likely it is that requests still wait when a replica that is started now is ready: what has lasted so long is
    /// thought to last as long again. `nil`: none wait.
    private mutating func persistence(isLate: Bool, start: Double, at now: Double) -> Double? {
        guard isLate else {
            lateSince = nil
            return nil
        }
        let age = now - (lateSince ?? now)
        lateSince = now - age
        return age / max(1, age + start)
    }

    /// With s replicas more than the rate needs, a backlog B lasts B / (s x a replica's rate), during which all that
    /// arrive are late; each costs its idle time h. rate x B / (s x replicaRate) + s x h is least at the square root below.
    /// As many are started as are likely to be of use.
    private func drainNeed(
        _ backlog: Double, rate: Double, replicaRate: Double, start: Double, base: Int, persistence: Double
    ) -> Int {
        let objective = policy.targetFirstToken.inSeconds
        guard backlog > Double(base) * replicaRate * objective else { return 0 }
        let surplus = (max(rate, replicaRate) * backlog / (replicaRate * (start + 15))).squareRoot()
        return Int(clamped: (rate / replicaRate + persistence * surplus).rounded())
    }

    private mutating func learnSlots(_ reading: LanguageModelReading) {
        guard let engine = reading.engine, reading.ready > 0, engine.running > 0 else { return }
        let each = engine.running / Double(reading.ready)
        let isFull = engine.waiting >= Double(reading.ready)
        guard let learned = learnedSlots else {
            if isFull { learnedSlots = each }
            return
        }
        // Up at once; down slowly: a replica that has just become ready is not full yet.
        if each > learned { learnedSlots = each } else if isFull { learnedSlots = learned * 0.9 + each * 0.1 }
    }

    private mutating func trackStarts(_ reading: LanguageModelReading, _ now: Double) {
        if starts.count > reading.starting { starts.removeFirst(starts.count - reading.starting) }
        while starts.count < reading.starting { starts.append(now) }
    }
}
