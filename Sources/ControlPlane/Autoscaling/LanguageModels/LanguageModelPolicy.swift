/// How a revision of the class for language models is scaled.
package struct LanguageModelPolicy: Sendable, Hashable {
    /// How long the first token may take.
    package var targetFirstToken: Duration
    /// The share of the KV cache that may be in use.
    package var targetCacheUse: Double
    /// Requests that one replica runs at once; `nil`: what the engine is seen to run when requests wait in it.
    package var slots: Double?
    /// Where neither is known.
    package var assumedSlots: Double
    /// How long a replica that nobody needs is kept at least.
    package var leastHold: Duration
    /// What an unmeasured start is thought to take.
    package var assumedStart: Duration

    /// - Parameters:
    ///   - scaling: the revision's settings that all classes have; its `capacity` is the target of requests at once.
    ///   - targetFirstToken: 5 s unless said.
    ///   - targetCacheUse: 0.9 unless said.
    ///   - targetRunning: learned unless said.
    ///   - hasCapacity: whether `scaling.capacity` was set for the revision (containerConcurrency or target).
    package init(
        _ scaling: ScalingPolicy, targetFirstToken: Duration? = nil, targetCacheUse: Double? = nil,
        targetRunning: Double? = nil, hasCapacity: Bool = false
    ) {
        self.targetFirstToken = targetFirstToken ?? .seconds(5)
        self.targetCacheUse = targetCacheUse ?? 0.9
        slots = targetRunning ?? (hasCapacity ? scaling.capacity : nil)
        assumedSlots = scaling.capacity
        leastHold = .seconds(30)
        assumedStart = .seconds(30)
    }
}

/// What the engines of a revision tell of themselves, summed over the replicas that answered.
package struct EngineLoad: Sendable, Hashable {
    /// Requests that tokens are made for.
    package var running: Double
    /// Requests that wait in the engine.
    package var waiting: Double
    /// The share of the KV cache in use, of the fullest replica; `nil` where the engine does not say.
    package var cacheUse: Double?
    /// How long the first token took lately, on average, of the slowest replica; `nil` where the engine does not say, or
    /// where there was none.
    package var firstToken: Duration?

    package init(running: Double, waiting: Double, cacheUse: Double? = nil, firstToken: Duration? = nil) {
        self.running = running
        self.waiting = waiting
        self.cacheUse = cacheUse
        self.firstToken = firstToken
    }
}

/// What is seen of a revision at one moment.
package struct LanguageModelReading: Sendable, Hashable {
    package var moment: Duration
    /// Replicas that can take requests.
    package var ready: Int
    /// Replicas that were begun and are not ready yet.
    package var starting: Int
    /// Requests that arrived since the gateway began to count.
    package var arrived: Int
    /// Requests in the gateway now, wherever they are: running, waiting in an engine, waiting for a replica.
    package var inFlight: Int
    /// Tokens of prompts and of answers under way, as the gateway estimates them; `nil` where it does not.
    package var tokensInFlight: Int?
    /// `nil` where no engine tells anything.
    package var engine: EngineLoad?
    /// How long a replica takes to start, as learned; `nil` where it is not known.
    package var startTime: Duration?

    package init(
        moment: Duration, ready: Int, starting: Int, arrived: Int, inFlight: Int,
        tokensInFlight: Int? = nil, engine: EngineLoad? = nil, startTime: Duration? = nil
    ) {
        self.moment = moment
        self.ready = ready
        self.starting = starting
        self.arrived = arrived
        self.inFlight = inFlight
        self.tokensInFlight = tokensInFlight
        self.engine = engine
        self.startTime = startTime
    }
}
