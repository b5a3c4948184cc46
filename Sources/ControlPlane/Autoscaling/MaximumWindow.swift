/// The largest value of the last while, for `scale-down-delay`: a lower number counts only after it has held so long.
package struct MaximumWindow: Sendable {
    private let length: Duration
    /// Candidates, newest last, each smaller than the one before it.
    private var candidates: [(moment: Duration, value: Int)] = []

    package init(length: Duration) { self.length = length }

    /// Adds a value and answers with the largest since `now - length`.
    package mutating func record(_ value: Int, at now: Duration) -> Int {
        while let last = candidates.last, last.value <= value { candidates.removeLast() }
        candidates.append((now, value))
        while let oldest = candidates.first, candidates.count > 1, oldest.moment < now - length {
            candidates.removeFirst()
        }
        return candidates[0].value
    }
}
