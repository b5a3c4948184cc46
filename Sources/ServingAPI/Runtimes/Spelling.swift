/// Finds what somebody may have meant.
package enum Spelling {
    /// The candidate nearest to `word`, letters' case aside, if it is near enough to be a slip.
    package static func nearest(to word: String, among candidates: some Sequence<String>) -> String? {
        let best = candidates.map { ($0, distance($0.lowercased(), word.lowercased())) }.min { $0.1 < $1.1 }
        guard let (candidate, distance) = best, distance <= max(1, word.count / 3) else { return nil }
        return candidate
    }

    /// How many letters must be put in, taken out or changed (Levenshtein).
    private static func distance(_ left: String, _ right: String) -> Int {
        let right = Array(right)
        var row = Array(0...right.count)
        for (i, letter) in left.enumerated() {
            var diagonal = row[0]
            row[0] = i + 1
            for (j, other) in right.enumerated() {
                let above = row[j + 1]
                row[j + 1] = min(above + 1, row[j] + 1, diagonal + (letter == other ? 0 : 1))
                diagonal = above
            }
        }
        return row[right.count]
    }
}
