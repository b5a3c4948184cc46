import Randomness

/// What a seed stands for: services with their settings, how fast their models are, and what goes wrong.
struct Scenario {
    let seed: UInt64
    var loops = 2
    var concurrencyLimit = 0
    var queueLimit = 10_000
    var services = ["service"]
    /// How many replicas fit on the node; `nil`: any number.
    var room: Int?
    /// Of `autoscaling.knative.dev/`.
    var annotations = ["window": "6s"]
    /// For which requests come and things go wrong.
    var troubled: Duration = .seconds(40)
    var requests = 80
    var startTime: ClosedRange<Duration> = .milliseconds(50)...(.seconds(3))
    var answerTime: ClosedRange<Duration> = .milliseconds(1)...(.milliseconds(800))
    var crashes = 0
    var restarts = 0
    var rollouts = 0
    /// Percent of starts that fail while there is trouble.
    var failingStarts = 0
    /// Percent of callers that leave before they are answered.
    var leaving = 0
    var mutation: Mutation?

    init(seed: UInt64) { self.seed = seed }

    /// Everything drawn from the seed.
    static func drawn(_ seed: UInt64) -> Scenario {
        var random = SeededRandom(seed: seed ^ 0x5EED)
        var scenario = Scenario(seed: seed)
        scenario.loops = 1 + random.below(3)
        scenario.concurrencyLimit = random.one(of: [0, 0, 1, 2, 5])
        scenario.annotations["max-scale"] = random.one(of: ["1", "2", "4", "0"])
        if random.chance(20) { scenario.annotations["initial-scale"] = random.one(of: ["0", "2"]) }
        if random.chance(20) { scenario.annotations["scale-down-delay"] = "3s" }
        if random.chance(20) { scenario.annotations["activation-scale"] = "2" }
        if random.chance(20) { scenario.annotations["target"] = "1" }
        if random.chance(20) { scenario.annotations["metric"] = "rps" }
        if random.chance(20) { scenario.annotations["scale-to-zero-pod-retention-period"] = "5s" }
        scenario.requests = 20 + random.below(100)
        scenario.startTime = .milliseconds(20)...(.milliseconds(100 + random.below(6_000)))
        scenario.answerTime = .milliseconds(1)...(.milliseconds(5 + random.below(1_500)))
        scenario.crashes = random.below(4)
        scenario.restarts = random.below(3)
        scenario.rollouts = random.below(3)
        scenario.failingStarts = random.one(of: [0, 0, 20, 60])
        scenario.leaving = random.one(of: [0, 10, 50])
        if random.chance(40) {
            scenario.services = ["a", "b", "c"]
            scenario.room = 1 + random.below(2)
            // Who replaces whom where there is no room for both is another matter: hand-over has its own tests.
            scenario.rollouts = 0
            // A first scale that does not fit is given up at the progress deadline only, as it is to be.
            scenario.annotations["initial-scale"] = nil
        }
        return scenario
    }
}

/// A rule broken on purpose: each shows that the invariant that forbids it can fail.
enum Mutation: String, CaseIterable {
    /// A place that is handed to another event loop gets lost.
    case losesHandOvers
    /// The autoscaler does not hear that somebody waits.
    case losesWakeUps
    /// A replica takes one request more than it may.
    case exceedsConcurrency
    /// A pod is stopped without waiting for its requests to end.
    case stopsWithoutDrain
    /// The gateway does not close the endpoint of a pod that is to stop.
    case leavesEndpointOpen
    /// A caller that leaves while it is answered keeps its place.
    case keepsPlaceOfLeaver
    /// Replicas that nobody needs stay.
    case neverSleeps
    /// Whoever came first is served first, whosever calls they are.
    case knowsNoCallers
    /// Every replica that anybody might want is started at once.
    case ignoresMaxScale
    /// More replicas are started than there is room for.
    case givesRoomTwice
    /// A model that is answering is sent away for another.
    case sendsBusyAway
}
