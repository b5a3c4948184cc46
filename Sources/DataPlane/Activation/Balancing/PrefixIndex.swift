import Synchronization

/// Which replicas have been sent which beginnings of prompts, so that what they have in their caches is used again.
///
/// A table of a fixed size that all event loops read and write without a lock: an entry is one word, half the block's hash
/// and half the replica's number. What is overwritten, or read while it changes, costs a better choice and nothing
/// else. Each block has room for two replicas: the last one that was sent it, and another one before.
///
/// 512 KiB, made when a prompt is first noted: 65,536 entries of 256 bytes of text are some 4 million tokens.
package final class PrefixIndex: Sendable {
    private final class Shelf: Sendable {
        let entries = InlineArray<1_024, Atomic<UInt64>> { _ in Atomic(0) }
    }

    private static let shelfCount = 64
    private let shelves = AtomicLazyReference<Shelves>()

    private final class Shelves: Sendable {
        let all = (0..<PrefixIndex.shelfCount).map { _ in Shelf() }
    }

    package init() {}

    /// A replica that has the first `count` blocks, or more.
    struct Holding: Sendable, Hashable {
        var replica: UInt16
        var count: Int
    }

    /// The prompt was sent to a replica.
    package func note(_ blocks: [UInt64], at replica: UInt16) {
        guard !blocks.isEmpty, replica != 0 else { return }
        let shelves = shelves.load() ?? shelves.storeIfNil(Shelves())
        for block in blocks { Self.put(block, replica, in: shelves) }
    }

    /// Who has how much of a prompt: the longest beginning that is known of anyone, and of shorter ones who else has
    /// them. A few lookups, however long the prompt is.
    func holdings(of blocks: [UInt64]) -> [Holding] {
        guard let shelves = shelves.load(), let longest = longestKnown(blocks, in: shelves) else { return [] }
        var found: [Holding] = []
        for part in (1...4).reversed() {
            let index = longest * part / 4
            let (first, second) = Self.replicas(blocks[index], in: shelves)
            for replica in [first, second] where replica != 0 && !found.contains(where: { $0.replica == replica }) {
                found.append(Holding(replica: replica, count: index + 1))
            }
        }
        return found
    }

    /// Who has a block has been sent all before it, as a rule: the last known one is looked for by halving.
    private func longestKnown(_ blocks: [UInt64], in shelves: Shelves) -> Int? {
        var (known, unknown) = (-1, blocks.count)
        while unknown - known > 1 {
            let middle = (known + unknown) / 2
            if Self.replicas(blocks[middle], in: shelves).0 != 0 { known = middle } else { unknown = middle }
        }
        return known < 0 ? nil : known
    }

    private static func entry(_ block: UInt64, _ replica: UInt16) -> UInt64 { block & ~0xFFFF | UInt64(replica) }

    private static func place(_ block: UInt64, in shelves: Shelves) -> (shelf: Shelf, index: Int) {
        (shelves.all[Int(block >> 58)], Int(truncatingIfNeeded: (block >> 32) & 0x1FF) * 2)
    }

    private static func replicas(_ block: UInt64, in shelves: Shelves) -> (UInt16, UInt16) {
        let (shelf, index) = place(block, in: shelves)
        let first = shelf.entries[index].load(ordering: .relaxed)
        let second = shelf.entries[index + 1].load(ordering: .relaxed)
        func replica(_ entry: UInt64) -> UInt16 {
            (entry ^ block) & ~0xFFFF == 0 ? UInt16(truncatingIfNeeded: entry) : 0
        }
        return replica(first) == 0 ? (replica(second), 0) : (replica(first), replica(second))
    }

    private static func put(_ block: UInt64, _ replica: UInt16, in shelves: Shelves) {
        let (shelf, index) = place(block, in: shelves)
        let wanted = entry(block, replica)
        let first = shelf.entries[index].load(ordering: .relaxed)
        guard first != wanted else { return }
        shelf.entries[index + 1].store(first, ordering: .relaxed)
        shelf.entries[index].store(wanted, ordering: .relaxed)
    }
}
