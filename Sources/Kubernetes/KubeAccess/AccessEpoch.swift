import Synchronization

/// Counts what may change who may do what: roles and bindings, and the objects that tokens depend on.
///
/// Whoever keeps an answer notes the epoch that held before it was looked for; an answer of another epoch is none. It
/// advances after the change is in force and before the write that made it is acknowledged.
package final class AccessEpoch: Sendable {
    private let number = Atomic<UInt64>(1)

    package init() {}

    package var current: UInt64 { number.load(ordering: .acquiring) }

    package func advance() { _ = number.wrappingAdd(1, ordering: .acquiringAndReleasing) }
}
