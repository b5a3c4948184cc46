import Autoscaling
import JSONModel
import KubeController
import KubeModel
import Synchronization

/// What HorizontalPodAutoscalers wished for and did lately. No object holds it: after a restart it begins anew, as though
/// what there is had just been wished for, and scales nothing down for a stabilization window.
final class HorizontalHistory: Sendable {
    private struct Entry: Sendable {
        var uid: String
        var spec: JSONValue
        var evaluatedAt: Duration
        var scaler: HorizontalScaler
        /// What the gateway had counted, and when that last changed or a request was in flight.
        var requests: Int
        var busyAt: Duration
    }

    private let entries = Mutex<[ObjectKey: Entry]>([:])

    /// How long until the autoscaler is due again; `nil` where it is due. A new spec is looked at at once.
    func untilDue(_ autoscaler: Object, every interval: Duration, at now: Duration) -> Duration? {
        entries.withLock { entries in
            guard let entry = entries[autoscaler.key], entry.uid == autoscaler.uid, entry.spec == autoscaler.spec
            else { return nil }
            let rest = entry.evaluatedAt + interval - now
            return rest > .zero ? rest : nil
        }
    }

    /// How long nobody has called, as far as it is known.
    func idle(_ autoscaler: Object, _ reading: TrafficReading, at now: Duration) -> Duration {
        entries.withLock { entries in
            guard var entry = entries[autoscaler.key], entry.uid == autoscaler.uid else { return .zero }
            if reading.inFlight > 0 || reading.requests != entry.requests { entry.busyAt = now }
            entry.requests = reading.requests
            entries[autoscaler.key] = entry
            return now - entry.busyAt
        }
    }

    /// Decides, and remembers that the decision was carried out.
    func decide(
        _ autoscaler: Object, _ spec: HorizontalSpec, proposed: Int, current: Int, at now: Duration
    ) -> HorizontalScaler.Decision {
        change(autoscaler, current, at: now) { scaler in
            let decision = scaler.decide(
                proposed: proposed, current: current, bounds: spec.least...spec.most, up: spec.up, down: spec.down,
                at: now)
            if decision.replicas != current { scaler.rescaled(from: current, to: decision.replicas, at: now) }
            return decision
        }
    }

    /// The number was brought within the bounds, whatever the metrics say.
    func rescaled(_ autoscaler: Object, from old: Int, to new: Int, at now: Duration) {
        change(autoscaler, old, at: now) { $0.rescaled(from: old, to: new, at: now) }
    }

    /// Nothing could be decided; the next look is a regular one.
    func looked(_ autoscaler: Object, current: Int, at now: Duration) { change(autoscaler, current, at: now) { _ in } }

    func forget(_ key: ObjectKey) { entries.withLock { $0[key] = nil } }

    private func change<Result: Sendable>(
        _ autoscaler: Object, _ current: Int, at now: Duration, _ body: (inout HorizontalScaler) -> Result
    ) -> Result {
        entries.withLock { entries in
            var entry =
                entries[autoscaler.key].flatMap { $0.uid == autoscaler.uid ? $0 : nil }
                ?? Entry(
                    uid: autoscaler.uid, spec: autoscaler.spec, evaluatedAt: now,
                    scaler: HorizontalScaler(current: current, at: now), requests: 0, busyAt: now)
            (entry.spec, entry.evaluatedAt) = (autoscaler.spec, now)
            let result = body(&entry.scaler)
            entries[autoscaler.key] = entry
            return result
        }
    }
}
