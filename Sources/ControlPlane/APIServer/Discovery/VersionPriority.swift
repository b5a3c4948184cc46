/// The order of API versions in discovery, the preferred one first: `v2`, `v1`, `v2beta1`, `v1beta2`, `v1alpha1`, then
/// anything else by its name.
struct VersionPriority: Comparable {
    private let rank: [Int]
    private let name: String

    init(_ version: String) {
        name = version
        rank = Self.rank(version) ?? [3, 0, 0]
    }

    /// Stability (0 for stable), then major and minor number, the greater the better.
    private static func rank(_ version: String) -> [Int]? {
        guard version.first == "v" else { return nil }
        let digits = version.dropFirst().prefix { $0.isASCII && $0.isNumber }
        guard let major = Int(digits) else { return nil }
        let rest = version.dropFirst(1 + digits.count)
        if rest.isEmpty { return [0, -major, 0] }
        for (stability, word) in [(1, "beta"), (2, "alpha")] where rest.hasPrefix(word) {
            return Int(rest.dropFirst(word.count)).map { [stability, -major, -$0] }
        }
        return nil
    }

    static func < (left: Self, right: Self) -> Bool {
        left.rank == right.rank ? left.name < right.name : left.rank.lexicographicallyPrecedes(right.rank)
    }
}
