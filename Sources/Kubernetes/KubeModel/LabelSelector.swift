/// A label selector: requirements that must all hold.
package struct LabelSelector: Sendable, Hashable {
    package enum Requirement: Sendable, Hashable {
        case isIn(String, Set<String>)
        /// Holds also where the label is missing, as in Kubernetes.
        case isNotIn(String, Set<String>)
        case exists(String)
        case doesNotExist(String)
        /// The label is a whole number, and greater than this one.
        case isGreater(String, Int)
        case isLess(String, Int)
    }

    package var requirements: [Requirement]

    /// Selects everything.
    package static let everything = LabelSelector(requirements: [])

    package init(requirements: [Requirement]) { self.requirements = requirements }

    package init(matching labels: [String: String]) {
        requirements = labels.sorted { $0.key < $1.key }.map { .isIn($0.key, [$0.value]) }
    }

    package func matches(_ labels: [String: String]) -> Bool {
        requirements.allSatisfy { requirement in
            switch requirement {
            case .isIn(let key, let values): labels[key].map(values.contains) ?? false
            case .isNotIn(let key, let values): labels[key].map { !values.contains($0) } ?? true
            case .exists(let key): labels[key] != nil
            case .doesNotExist(let key): labels[key] == nil
            case .isGreater(let key, let bound): labels[key].flatMap(Int.init).map { $0 > bound } ?? false
            case .isLess(let key, let bound): labels[key].flatMap(Int.init).map { $0 < bound } ?? false
            }
        }
    }
}
