import ServingControllers
import Synchronization

/// A gateway that serves every route unless told otherwise, and counts what it is told.
final class FakeGateway: RevisionTraffic, RouteProbe {
    private struct State {
        var readings: [String: TrafficReading] = [:]
        var isServing = true
    }

    private let state = Mutex(State())

    func reading(namespace: String, revision: String) -> TrafficReading {
        state.withLock { $0.readings[revision] ?? .none }
    }

    func serves(host: String, namespace: String, revision: String) -> Bool { state.withLock { $0.isServing } }

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
