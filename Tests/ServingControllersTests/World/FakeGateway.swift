import ServingControllers
import Synchronization

/// A gateway that serves every route unless told otherwise, and counts what it is told.
final class FakeGateway: RevisionTraffic, RevisionOutcomes, RouteProbe {
    private struct State {
        var readings: [String: TrafficReading] = [:]
        var outcomes: [String: RequestOutcomes] = [:]
        var isServing = true
    }

    private let state = Mutex(State())

    func reading(namespace: String, revision: String) -> TrafficReading {
        state.withLock { $0.readings[revision] ?? .none }
    }

    func outcomes(namespace: String, revision: String) -> RequestOutcomes {
        state.withLock { $0.outcomes[revision] ?? RequestOutcomes() }
    }

    /// So many requests end, some of them with an error.
    func end(_ requests: Int, errors: Int = 0, _ revision: String) {
        state.withLock { state in
            state.outcomes[revision, default: RequestOutcomes()].requests += requests
            state.outcomes[revision, default: RequestOutcomes()].errors += errors
        }
    }

    func serves(host: String, namespace: String, revision: String) -> Bool { state.withLock { $0.isServing } }

    func splits(host: String, namespace: String, shares: [String: Int]) -> Bool { state.withLock { $0.isServing } }

    func leads(host: String, to target: String) -> Bool { state.withLock { $0.isServing } }

    func setServing(_ isServing: Bool) { state.withLock { $0.isServing = isServing } }

    /// So many requests are in flight from now on.
    func setInFlight(_ count: Int, _ revision: String) {
        state.withLock { state in
            var reading = state.readings[revision] ?? .none
            reading.requests += max(0, count - reading.inFlight)
            reading.inFlight = count
            state.readings[revision] = reading
        }
    }

    /// So many requests have arrived in all.
    func countArrivals(to count: Int, _ revision: String) {
        state.withLock { $0.readings[revision, default: .none].requests = count }
    }

    /// Counts work that was done.
    func count(requestSeconds: Double, _ revision: String) {
        state.withLock { $0.readings[revision, default: .none].requestSeconds += requestSeconds }
    }
}
