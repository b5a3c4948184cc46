import Autoscaling

/// How one target that follows a configuration moves its traffic from revision to revision, little by little.
///
/// The newest revision gets 1 % first. How long it takes until the gateway serves that is the length of a step (whole
/// seconds, at least one); from then on it gets a further share at each step, until it has all at the end of the rollout
/// duration. What it gets is taken from the oldest revision first. A revision that comes while this is under way begins
/// with 1 % again, and those before it stay as far as they were.
///
/// States: settled (one revision) -> observing (several; the first step is being measured) -> stepping -> settled.
struct Rollout: Sendable, Hashable {
    struct Share: Sendable, Hashable {
        var revision: String
        var percent: Int
    }

    /// How it goes on once the first step was measured.
    struct Pace: Sendable, Hashable {
        /// In percent.
        var stepSize: Int
        var stepDuration: Duration
        /// Since 1970.
        var nextStep: Duration
    }

    /// One moment's facts.
    struct Moment: Sendable, Hashable {
        /// Since 1970.
        var now: Duration
        /// How long a rollout takes; zero: no time at all.
        var duration: Duration
        /// Whether the gateway serves the newest revision's share.
        var isServed = true
        /// Whether the newest revision can take more.
        var isHealthy = true
    }

    let configuration: String
    let tag: String?
    /// Oldest first. Together they are the target's percentage.
    private(set) var shares: [Share]
    /// When the newest revision got its first share, since 1970; `nil` while nothing moves.
    private(set) var start: Duration?
    private(set) var pace: Pace?
    /// Whether a step is due that cannot be taken now.
    private(set) var isHeld = false

    init(configuration: String, tag: String?, shares: [Share], start: Duration? = nil, pace: Pace? = nil) {
        self.configuration = configuration
        self.tag = tag
        self.shares = shares
        self.start = start
        self.pace = pace
    }

    var isMoving: Bool { start != nil }
    var newest: String? { shares.last?.revision }
    var percent: Int { shares.reduce(0) { $0 + $1.percent } }

    /// Takes one decision: what is wanted now, and what the time says.
    mutating func advance(to revision: String, percent wanted: Int, at moment: Moment) {
        adjust(to: wanted)
        isHeld = false
        guard moment.duration > .zero, wanted > 1, !shares.isEmpty else { return settle(on: revision, wanted) }
        if revision != newest {
            begin(revision, at: moment.now)
        } else if isMoving {
            move(at: moment)
        }
        if shares.count == 1 { (start, pace) = (nil, nil) }
    }

    /// Revisions that are gone leave their share to the newest.
    mutating func keep(only isThere: (String) -> Bool) {
        let lost = shares.dropLast().filter { !isThere($0.revision) }
        guard let last = shares.indices.last, !lost.isEmpty else { return }
        shares[last].percent += lost.reduce(0) { $0 + $1.percent }
        shares.removeAll { share in lost.contains { $0.revision == share.revision } }
        if shares.count == 1 { (start, pace) = (nil, nil) }
    }

    /// When there is something to do without anything else happening.
    func nextLook(at now: Duration) -> Duration? {
        isHeld ? nil : pace.map { max(.milliseconds(1), $0.nextStep - now) }
    }

    // MARK: Steps

    private mutating func settle(on revision: String, _ percent: Int) {
        shares = [Share(revision: revision, percent: percent)]
        (start, pace) = (nil, nil)
    }

    /// More is the newest one's; less is taken from the oldest first.
    private mutating func adjust(to wanted: Int) {
        let difference = wanted - percent
        if difference > 0, let last = shares.indices.last { shares[last].percent += difference }
        if difference < 0 { drain(-difference) }
    }

    private mutating func begin(_ revision: String, at now: Duration) {
        let before = shares.first { $0.revision == revision }?.percent ?? 0
        shares.removeAll { $0.revision == revision }
        drain(max(0, 1 - before))
        shares.append(Share(revision: revision, percent: max(1, before)))
        (start, pace) = (now, nil)
    }

    private mutating func move(at moment: Moment) {
        guard var pace else {
            if let start, moment.isServed {
                self.pace = Self.pace(measured: moment.now - start, percent: percent, moment)
            }
            return
        }
        guard moment.now >= pace.nextStep, let last = shares.indices.last else { return }
        isHeld = !moment.isServed || !moment.isHealthy
        guard !isHeld else { return }
        let step = min(pace.stepSize, percent - shares[last].percent)
        shares[last].percent += step
        drain(step, sparing: 1)
        pace.nextStep = moment.now + pace.stepDuration
        self.pace = pace
    }

    /// - Parameter spared: so many of the newest lose nothing.
    private mutating func drain(_ percent: Int, sparing spared: Int = 0) {
        var left = percent
        for index in shares.indices.dropLast(spared) {
            let taken = min(left, shares[index].percent)
            shares[index].percent -= taken
            left -= taken
        }
        let newest = shares.last?.revision
        shares.removeAll { $0.percent == 0 && $0.revision != newest }
    }

    private static func pace(measured: Duration, percent: Int, _ moment: Moment) -> Pace {
        let step = max(1, measured.inSeconds.rounded(.up))
        let left = max(0, moment.duration.inSeconds - step)
        let steps = min(max(1, (left / step).rounded(.down)), Double(max(1, percent - 1)))
        let size = max(1, (Double(percent - 1) / steps).rounded())
        let pause = Duration.seconds(max(1, left / steps))
        return Pace(stepSize: Int(size), stepDuration: pause, nextStep: moment.now + pause)
    }
}
