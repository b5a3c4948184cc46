extension LabelSelector {
    /// The selector as `init(parsing:)` reads it: `app=web,tier in (a,b),!canary`.
    package var text: String { requirements.map(Self.text).joined(separator: ",") }

    private static func text(_ requirement: Requirement) -> String {
        switch requirement {
        case .isIn(let key, let values) where values.count == 1: "\(key)=\(values.joined())"
        case .isIn(let key, let values): "\(key) in (\(values.sorted().joined(separator: ",")))"
        case .isNotIn(let key, let values) where values.count == 1: "\(key)!=\(values.joined())"
        case .isNotIn(let key, let values): "\(key) notin (\(values.sorted().joined(separator: ",")))"
        case .exists(let key): key
        case .doesNotExist(let key): "!\(key)"
        case .isGreater(let key, let bound): "\(key)>\(bound)"
        case .isLess(let key, let bound): "\(key)<\(bound)"
        }
    }
}
