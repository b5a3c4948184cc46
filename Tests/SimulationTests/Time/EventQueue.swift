import Activation
import KubeController
import Randomness
import Synchronization

/// Virtual time: what is to happen, in order of its moment; of one moment's events the seed draws which comes first.
/// Nothing runs but from here, one after the other, so that a seed is one history and always the same.
final class EventQueue {
    private struct Event {
        let moment: Int64
        let draw: UInt64
        let action: () -> Void

        static func < (left: Event, right: Event) -> Bool {
            left.moment == right.moment ? left.draw < right.draw : left.moment < right.moment
        }
    }

    let time = VirtualTime()
    var random: SeededRandom
    private var heap: [Event] = []

    init(seed: UInt64) { random = SeededRandom(seed: seed) }

    var now: MonotonicTime { MonotonicTime(nanoseconds: time.nanoseconds.load(ordering: .relaxed)) }

    func after(_ delay: Duration, _ action: @escaping () -> Void) {
        push(Event(moment: now.advanced(by: delay).nanoseconds, draw: random.next(), action: action))
    }

    /// After a delay that the seed draws.
    func after(_ delay: ClosedRange<Duration>, _ action: @escaping () -> Void) { after(random.duration(delay), action) }

    /// Lets everything happen up to a moment, or until `isDone`.
    func run(until end: MonotonicTime, isDone: () -> Bool = { false }) {
        while let next = heap.first, next.moment <= end.nanoseconds {
            if isDone() { return }
            pop()
            time.nanoseconds.store(next.moment, ordering: .relaxed)
            next.action()
        }
        if !isDone() { time.nanoseconds.store(end.nanoseconds, ordering: .relaxed) }
    }

    private func push(_ event: Event) {
        heap.append(event)
        var index = heap.count - 1
        while index > 0, heap[index] < heap[(index - 1) / 2] {
            heap.swapAt(index, (index - 1) / 2)
            index = (index - 1) / 2
        }
    }

    private func pop() {
        heap.swapAt(0, heap.count - 1)
        heap.removeLast()
        var index = 0
        while true {
            var least = index
            for child in [2 * index + 1, 2 * index + 2] where child < heap.count && heap[child] < heap[least] {
                least = child
            }
            if least == index { return }
            heap.swapAt(index, least)
            index = least
        }
    }
}

/// The simulation's clock, for what takes a `TimeSource`. Nobody sleeps on it.
final class VirtualTime: TimeSource {
    let nanoseconds = Atomic<Int64>(0)

    var now: Duration { .nanoseconds(nanoseconds.load(ordering: .relaxed)) }
    var microsecondsSince1970: Int64 { 1_767_225_600_000_000 + nanoseconds.load(ordering: .relaxed) / 1_000 }
    func sleep(until moment: Duration) async throws { throw CancellationError() }
}

extension SeededRandom {
    mutating func duration(_ range: ClosedRange<Duration>) -> Duration {
        .nanoseconds(Int64.random(in: range.lowerBound.nanoseconds...range.upperBound.nanoseconds, using: &self))
    }

    mutating func chance(_ percent: Int) -> Bool { below(100) < percent }
}
