import KubeClient
import KubeModel

/// How a reflector follows a resource, as a state machine without I/O.
///
///     empty --listed--> following(version) --event--> following(newer)
///       ^                  |        ^
///       |    gone (410)    |        | watch ended, or failed and waited
///       +------------------+--------+
///
/// A failed list leaves it empty; a failed watch leaves it where it was, so that the next one starts at the last
/// event seen. Only "gone" makes it list again: then the store works out what it missed.
struct ReflectorState: Sendable {
    enum Step: Sendable, Hashable {
        case list
        case watch(from: String)
    }

    private var version: String?
    private var failures = 0
    private let backOff: BackOff

    init(backOff: BackOff = .watching) { self.backOff = backOff }

    var step: Step { version.map { .watch(from: $0) } ?? .list }

    mutating func listed(_ version: String) {
        self.version = version
        failures = 0
    }

    mutating func received(_ event: WatchEvent) {
        failures = 0
        switch event {
        case .bookmark(let version): self.version = version
        case .added(let object), .modified(let object), .deleted(let object): version = object.resourceVersion
        }
    }

    /// The watch ended without an error.
    ///
    /// - Returns: how long to wait. Ends that come at once and without an event count as failures.
    mutating func ended(after lasted: Duration, sawEvents: Bool, random: Double) -> Duration {
        if sawEvents || lasted >= .seconds(1) { return .zero }
        return wait(random)
    }

    /// - Returns: how long to wait.
    mutating func failed(_ error: any Error, random: Double) -> Duration {
        if let status = error as? Status, status.isExpired, version != nil {
            version = nil
            failures += 1
            return failures == 1 ? .zero : backOff.delay(afterFailures: failures, random: random)
        }
        return wait(random)
    }

    private mutating func wait(_ random: Double) -> Duration {
        failures += 1
        return backOff.delay(afterFailures: failures, random: random)
    }
}
