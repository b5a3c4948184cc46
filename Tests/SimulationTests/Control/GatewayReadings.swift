import Activation
import KubeModel
import Synchronization

@testable import Proxy

/// The gateway's counters of a revision.
struct GatewayReadings: Sendable {
    let registry: TrafficRegistry
    let time: VirtualTime

    func read(_ revision: String) -> ConcurrencyReading? {
        let now = MonotonicTime(nanoseconds: time.nanoseconds.load(ordering: .relaxed))
        return registry.load(of: ObjectKey(namespace: "default", name: revision))?.read(at: now)
    }
}
