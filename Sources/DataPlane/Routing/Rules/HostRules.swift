package import HTTPFraming

/// The rules of a host, the one that counts first.
struct HostRules: Sendable {
    struct Rule: Sendable {
        var match: RequestMatch
        /// An index into the table's routes.
        var route: Int
    }

    /// What stands behind one that takes every request is left out.
    let rules: [Rule]

    /// - Parameter groups: each by how exactly it names the host, the most exact first. In a group the rank of the match
    ///   decides, and of equal ones the earlier one counts.
    init(_ groups: [[Rule]]) {
        let sorted = groups.flatMap(Self.ranked)
        let end = sorted.firstIndex { $0.match.isCatchAll }.map { $0 + 1 } ?? sorted.count
        rules = Array(sorted[..<end])
    }

    private static func ranked(_ rules: [Rule]) -> [Rule] {
        let ranked = rules.enumerated().map { (rank: MatchRank($1.match), order: $0, rule: $1) }
        return ranked.sorted { $0.rank == $1.rank ? $0.order < $1.order : $0.rank > $1.rank }.map(\.rule)
    }
}

/// The rule that takes a request.
package struct RuleChoice: Sendable, Hashable {
    /// An index into the table's routes.
    package var route: Int
    /// How many bytes of the path its match used up.
    package var prefix: Int

    package init(route: Int, prefix: Int) {
        self.route = route
        self.prefix = prefix
    }
}

extension RoutingTable {
    /// - Parameters:
    ///   - index: what `Destination.rules` says.
    ///   - bytes: what the request was parsed from.
    ///   - path: normalised, without the query.
    /// - Returns: `nil`: no rule of the host takes it.
    package func rule(
        for request: RequestParser, _ bytes: Span<UInt8>, path: Span<UInt8>, in index: Int
    ) -> RuleChoice? {
        for rule in hostRules[index].rules where rule.match.takes(request, bytes, path: path) {
            return RuleChoice(route: rule.route, prefix: rule.match.prefixLength(of: path))
        }
        return nil
    }

    /// The rules of the longest pattern, as `*.example.com`, that a host falls under.
    func wildcardRules(_ host: Span<UInt8>) -> Int? {
        guard !wildcards.isEmpty else { return nil }
        for index in host.indices where host[index] == UInt8(ascii: ".") {
            if index > 0, let rules = wildcards[host.extracting(index..<host.count)] { return rules }
        }
        return nil
    }
}
