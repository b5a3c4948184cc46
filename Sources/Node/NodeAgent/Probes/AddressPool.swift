import Synchronization

/// Loopback addresses for pods: 127.77.x.y, a fresh one for each start, so that a server that lingers never answers for
/// its successor. One that was given back is the last to be given out again.
final class AddressPool: Sendable {
    /// x and y from 1 to 254.
    private static let count: UInt32 = 254 * 254

    private struct State {
        var next: UInt32
        var used: Set<Address> = []
    }

    private let state: Mutex<State>

    /// - Parameter seed: where to begin; at random, so that a new run does not begin with the addresses of the last.
    init(seed: UInt32) { state = Mutex(State(next: seed % Self.count)) }

    /// `nil` when all 64516 are in use.
    func take() -> Address? {
        state.withLock { state in
            for _ in 0..<Self.count {
                let address = Self.address(state.next)
                state.next = (state.next + 1) % Self.count
                if state.used.insert(address).inserted { return address }
            }
            return nil
        }
    }

    /// Takes this one; it is a pod's from an earlier run.
    func take(_ address: Address) { state.withLock { _ = $0.used.insert(address) } }

    func giveBack(_ address: Address) { state.withLock { _ = $0.used.remove(address) } }

    private static func address(_ index: UInt32) -> Address {
        Address(number: 127 << 24 | 77 << 16 | (index / 254 + 1) << 8 | index % 254 + 1)
    }
}
