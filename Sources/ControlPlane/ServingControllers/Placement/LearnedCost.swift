/// What was learned of a revision's pods from those that ran: a moving average of how long they take to become ready,
/// and how much memory they have.
struct LearnedCost: Sendable, Hashable {
    /// Seconds from the decision to start to being ready, model and image being here.
    private(set) var loadSeconds: Double?
    /// Bytes.
    private(set) var memory: Double?

    /// How much the last start counts.
    private static let share = 0.3
    /// How fast memory that is not used any more is forgotten, with each measurement.
    private static let fall = 0.1
    /// What is written is kept while it is no further off than this.
    private static let tolerance = 0.1

    init(loadSeconds: Double? = nil, memory: Double? = nil) {
        self.loadSeconds = loadSeconds
        self.memory = memory
    }

    mutating func took(seconds: Double) {
        loadSeconds = loadSeconds.map { $0 + Self.share * (seconds - $0) } ?? seconds
    }

    /// More memory counts at once: it must be there when it is needed again.
    mutating func had(bytes: Double) { memory = memory.map { max(bytes, $0 + Self.fall * (bytes - $0)) } ?? bytes }

    /// Whether `value` is to be written over what was written before.
    static func isNews(_ value: Double, over written: Double?) -> Bool {
        guard let written else { return true }
        return abs(value - written) > tolerance * written
    }
}
