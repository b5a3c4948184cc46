import JSONModel
import KubeModel

/// Which pods count as available: those that have been ready for `minReadySeconds`.
struct PodAvailability: Sendable, Hashable {
    private let least: Int64
    private let clock: Calendar

    /// - Parameter owner: a Deployment or a ReplicaSet.
    init(_ owner: Object, at clock: Calendar) {
        least = Int64(owner["spec", "minReadySeconds"]?.intValue ?? 0)
        self.clock = clock
    }

    func isAvailable(_ pod: Object) -> Bool { pod.isReady && wait(for: pod) == 0 }

    /// When the next of the ready pods becomes available; `nil` where all of them are.
    func untilNext(of pods: [Object]) -> Duration? {
        pods.filter { $0.isReady && !$0.isBeingDeleted }.map(wait).filter { $0 > 0 }.min().map { .seconds($0) }
    }

    private func wait(for pod: Object) -> Int64 {
        guard least > 0 else { return 0 }
        let conditions = pod["status", "conditions"]?.arrayValue ?? []
        let ready = conditions.first { $0["type"]?.stringValue == "Ready" }
        let since = ready?["lastTransitionTime"]?.stringValue.flatMap(Timestamp.seconds) ?? clock.seconds
        return max(0, since + least - clock.seconds)
    }
}
