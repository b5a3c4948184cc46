import Randomness
import Testing

@testable import Routing

struct RouteTests {
    @Test
    func `Each revision gets its share, evenly over time`() {
        let route = Route(
            name: "r",
            targets: [
                Route.Target(revision: 4, weight: 90), Route.Target(revision: 7, weight: 10),
                Route.Target(revision: 8, weight: 0),
            ])
        var counts: [Int: Int] = [:]
        for turn in 0..<1_000 as Range<UInt32> { counts[route.revision(turn: turn) ?? -1, default: 0] += 1 }
        #expect(counts[8] == nil)
        #expect(895...905 ~= counts[4] ?? 0)
        #expect(95...105 ~= counts[7] ?? 0)
        // Not ten in a row at the end of each hundred.
        let first = (0..<40 as Range<UInt32>).count { route.revision(turn: $0) == 7 }
        #expect(3...5 ~= first)
    }

    /// The canary's share decides what a judge sees: it is held to a tenth of a percent, not only to the one that is asked.
    @Test
    func `Whatever the weights, ten thousand requests are split exactly, from wherever they begin`() {
        for _ in 0..<FuzzRun.iterations(50) {
            var random = SeededRandom()
            var weights = (0..<(2 + random.below(5))).map { _ in random.below(50) }
            weights[0] += max(0, 100 - weights.reduce(0, +))
            let total = weights.reduce(0, +)
            let route = Route(
                name: "r", targets: weights.enumerated().map { Route.Target(revision: $0, weight: $1) })
            let first = UInt32(truncatingIfNeeded: random.next())
            var counts = Array(repeating: 0, count: weights.count)
            for turn in 0..<10_000 as Range<UInt32> { counts[route.revision(turn: first &+ turn) ?? 0] += 1 }
            for (count, weight) in zip(counts, weights) {
                let share = Double(weight) / Double(total)
                #expect(abs(Double(count) / 10_000 - share) < 0.001, "seed \(random.seed): \(weights) gave \(counts)")
            }
        }
    }

    @Test
    func `A route to one revision always takes it, one to none never`() {
        let one = Route(name: "r", targets: [Route.Target(revision: 3, weight: 100)])
        #expect(Set((0..<100 as Range<UInt32>).map { one.revision(turn: $0) }) == [3])
        #expect(Route(name: "r", targets: []).revision(turn: 1) == nil)
        #expect(Route(name: "r", targets: [Route.Target(revision: 3, weight: 0)]).revision(turn: 1) == nil)
    }

    @Test
    func `A map of bytes finds what was put in, letters in either case, and nothing else`() {
        var map = ByteMap<Int>()
        for number in 0..<500 { map.insert(number, for: "Key-\(number)") }
        map.insert(-1, for: "key-7")
        for number in 0..<500 { #expect(map["kEY-\(number)"] == number) }
        #expect(map["key-500"] == nil)
        #expect(map[""] == nil)
        #expect(ByteMap<Int>()["a"] == nil)
    }
}
