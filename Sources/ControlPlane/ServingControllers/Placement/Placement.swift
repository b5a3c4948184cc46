import KubeModel

/// A pod that waits for a node.
struct Applicant: Sendable, Hashable {
    var pod: ObjectKey
    var demand = Amounts()
    /// `nil` for a pod of no revision: it takes what is free.
    var revision: ObjectKey?
    /// Of the revision, with its namespace: siblings share it.
    var configuration: ObjectKey?
    /// Of the revision among its siblings; later ones are larger.
    var generation = 0
    /// Larger ones go first, and never make room for smaller ones.
    var priority = 0
    /// Seconds since 1970.
    var since: Int64 = 0
    var waited: Duration = .zero
    /// How long it waits before one that is busy has to make room.
    var patience: Duration = .seconds(60)
    /// Whether a route leads to its revision, or may soon: only then others leave for it.
    var isReachable = true
    /// Another replica of its revision answers already: nobody who is in use leaves for one more.
    var isFurther = false
    /// Takes its predecessor's place, instead of standing beside it.
    var replacesSiblings = false
    /// It does not want to stand beside its predecessor even where there is room.
    var asksForHandOver = false
    /// What else there is to know while it waits.
    var note: String?
    /// Why it may not start now, whatever room there is.
    var obstacle: String?
}

/// The replicas of one revision that hold room on the node.
struct Occupant: Sendable, Hashable {
    var revision: ObjectKey
    var configuration: ObjectKey?
    var generation = 0
    var holds = Amounts()
    var priority = 0
    /// Nobody is answered, and nobody waits.
    var isIdle = true
    /// It has no minimum of replicas.
    var mayGoToZero = true
    /// Since it became ready; `nil` while it starts.
    var stayed: Duration?
    /// What bringing it back takes.
    var loadSeconds = 0.0
    /// Requests per second of late.
    var rate = 0.0

    /// Seconds of waiting that its absence is expected to cost per second, for each GiB that it would set free. Who is
    /// called as good as never counts as called once an hour, so that load time and size still tell.
    var cost: Double {
        let gibibytes = max(Double(holds[Amounts.memory]), 1) / Double(1 << 30)
        return max(loadSeconds, 0.1) * (rate + 1 / 3600) / gibibytes
    }
}

/// What a node has and who wants it.
struct NodeRoom: Sendable, Hashable {
    var allocatable: Amounts
    /// What the pods on it hold.
    var taken = Amounts()
    /// The part of it that pods hold which are on their way out.
    var leaving = Amounts()
    var applicants: [Applicant] = []
    var occupants: [Occupant] = []
}

/// Who has to leave, for whom, and why.
struct Departure: Sendable, Hashable {
    enum Reason: Sendable, Hashable {
        /// Nobody uses it.
        case idle
        /// It was in use for long enough while another waited: it comes back in turn.
        case turn
        /// A newer revision takes its place.
        case handOver
    }

    var occupant: Occupant
    var applicant: Applicant
    var reason: Reason
}
