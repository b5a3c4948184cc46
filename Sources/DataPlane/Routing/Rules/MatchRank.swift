/// Which of several matches counts, as the Gateway API has it: an exact path before a pattern before the longest prefix,
/// then one with a method, then the most headers, then the most parameters. Higher ranks come first.
struct MatchRank: Sendable, Hashable, Comparable {
    private let order: [Int]

    init(_ match: RequestMatch) {
        let (kind, length) =
            switch match.path {
            case .exact(let path): (3, path.count)
            case .pattern: (2, 0)
            case .prefix(let path): (1, path.count)
            case .any: (0, 0)
            }
        order = [kind, length, match.method == nil ? 0 : 1, match.fields.count, match.parameters.count]
    }

    static func < (left: Self, right: Self) -> Bool { left.order.lexicographicallyPrecedes(right.order) }
}
