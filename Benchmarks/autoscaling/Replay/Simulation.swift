/// A model server as the policies are tried on it: so many slots, and a start that takes its time.
package struct SimulatedEngine: Sendable {
    package var slots = 8
    /// Seconds from the decision to the first request.
    package var start = 30.0
    /// Seconds that a first token may take.
    package var objective = 5.0
    /// Seconds of a request's work until its first token.
    package var prefill = 0.3
    package var most = 32

    package init() {}
}

/// What a policy is told at its tick. Only what it could know in earnest.
package struct SimulatedReading: Sendable {
    package var now: Double
    package var ready: Int
    package var starting: Int
    /// Requests that are answered, and how many of them by replicas that are not ending.
    package var running: Int
    package var runningOnReady: Int
    package var waiting: Int
    package var arrived: Int
    /// Request-seconds since the start, those that wait included.
    package var requestSeconds: Double
    /// Seconds from begin to ready: known, since a first replica had to start before there were requests.
    package var startTime: Double

    package var inFlight: Int { running + waiting }
}

package protocol SimulatedPolicy {
    var name: String { get }
    /// Seconds between two decisions.
    var interval: Double { get }
    /// - Returns: the replicas that are wanted.
    mutating func decide(_ reading: SimulatedReading) -> Int
}

/// What a policy did with a trace.
package struct Score: Sendable, Hashable {
    package var requests = 0
    /// Requests whose first token came after the objective.
    package var late = 0
    /// Replica-seconds that nobody used: a replica with half its slots taken is half idle; starting and ending ones too.
    package var idle = 0.0
    package var replicaSeconds = 0.0

    package var total: Double { Double(late) + idle }
}

/// Replays a trace against an engine, a tenth of a second at a time.
package struct Simulation {
    private struct Replica {
        var readyAt: Double
        var isEnding = false
        /// When each running request ends.
        var ends: [Double] = []
    }

    private let engine: SimulatedEngine
    private var replicas: [Replica]
    private var queue: [Trace.Request] = []
    private var head = 0
    private var arrived = 0
    private var requestSeconds = 0.0
    private var score = Score()

    private static let step = 0.1

    package static func run(_ trace: Trace, _ policy: any SimulatedPolicy, _ engine: SimulatedEngine) -> Score {
        var simulation = Simulation(engine)
        return simulation.run(trace, policy)
    }

    private init(_ engine: SimulatedEngine) {
        self.engine = engine
        replicas = [Replica(readyAt: 0)]
    }

    private mutating func run(_ trace: Trace, _ policy: any SimulatedPolicy) -> Score {
        var policy = policy
        var next = 0
        var nextTick = 0.0
        var steps = 0
        score.requests = trace.requests.count
        while true {
            let now = Double(steps) * Self.step
            if now >= trace.length { break }
            while next < trace.requests.count, trace.requests[next].arrival <= now {
                queue.append(trace.requests[next])
                next += 1
            }
            arrived = next
            serve(now)
            if now >= nextTick {
                scale(to: min(engine.most, policy.decide(reading(now))), now)
                nextTick += policy.interval
            }
            count()
            steps += 1
        }
        score.late += queue[head...].count { trace.length - $0.arrival + engine.prefill > engine.objective }
        return score
    }

    private mutating func serve(_ now: Double) {
        for index in replicas.indices {
            replicas[index].ends.removeAll { $0 <= now }
        }
        replicas.removeAll { $0.isEnding && $0.ends.isEmpty }
        while head < queue.count, let index = freest(now) {
            let request = queue[head]
            head += 1
            replicas[index].ends.append(now + request.work)
            if now - request.arrival + engine.prefill > engine.objective { score.late += 1 }
        }
    }

    /// The replica with the least requests that has a free slot.
    private func freest(_ now: Double) -> Int? {
        let open = replicas.indices.filter {
            !replicas[$0].isEnding && replicas[$0].readyAt <= now && replicas[$0].ends.count < engine.slots
        }
        return open.min { replicas[$0].ends.count < replicas[$1].ends.count }
    }

    private func reading(_ now: Double) -> SimulatedReading {
        let alive = replicas.filter { !$0.isEnding }
        let ready = alive.count { $0.readyAt <= now }
        return SimulatedReading(
            now: now, ready: ready, starting: alive.count - ready, running: replicas.reduce(0) { $0 + $1.ends.count },
            runningOnReady: alive.reduce(0) { $0 + $1.ends.count }, waiting: queue.count - head, arrived: arrived,
            requestSeconds: requestSeconds, startTime: engine.start)
    }

    /// Those that are not ready go first, the youngest before, then those with the least to do; they answer what they have.
    private mutating func scale(to wanted: Int, _ now: Double) {
        let alive = replicas.indices.filter { !replicas[$0].isEnding }
        if wanted > alive.count {
            replicas += (alive.count..<wanted).map { _ in Replica(readyAt: now + engine.start) }
        } else {
            let order = alive.sorted { left, right in
                let (left, right) = (replicas[left], replicas[right])
                let isStarting = (left.readyAt > now, right.readyAt > now)
                if isStarting.0 != isStarting.1 { return isStarting.0 }
                return isStarting.0 ? left.readyAt > right.readyAt : left.ends.count < right.ends.count
            }
            for index in order.prefix(alive.count - wanted) { replicas[index].isEnding = true }
        }
    }

    private mutating func count() {
        let running = replicas.reduce(0) { $0 + $1.ends.count }
        requestSeconds += Double(running + queue.count - head) * Self.step
        score.replicaSeconds += Double(replicas.count) * Self.step
        score.idle += (Double(replicas.count) - Double(running) / Double(engine.slots)) * Self.step
    }
}
