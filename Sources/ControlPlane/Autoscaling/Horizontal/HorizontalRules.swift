/// How fast a HorizontalPodAutoscaler may scale in one direction: `spec.behavior.scaleUp` or `.scaleDown`.
package struct HorizontalRules: Sendable, Hashable {
    package enum Selection: String, Sendable, Hashable {
        /// The policy that allows the largest change counts.
        case max = "Max"
        case min = "Min"
        /// No change in this direction.
        case disabled = "Disabled"
    }

    /// No more than so many pods, or percent of them, within a period.
    package struct Policy: Sendable, Hashable {
        package enum Unit: String, Sendable, Hashable {
            case pods = "Pods"
            case percent = "Percent"
        }

        package var unit: Unit
        package var value: Int
        package var period: Duration

        package init(_ unit: Unit, _ value: Int, period: Duration) {
            self.unit = unit
            self.value = value
            self.period = period
        }
    }

    /// How long the wishes of the past still count: going up the least of them, going down the greatest.
    package var stabilizationWindow: Duration
    package var selection: Selection
    package var policies: [Policy]
    /// See `ReplicaCalculator`.
    package var tolerance: Double

    package init(
        stabilizationWindow: Duration, selection: Selection = .max, policies: [Policy], tolerance: Double = 0.1
    ) {
        self.stabilizationWindow = stabilizationWindow
        self.selection = selection
        self.policies = policies
        self.tolerance = tolerance
    }

    /// Kubernetes' defaults: at once, by four pods or to the double each 15 s.
    package static let up = HorizontalRules(
        stabilizationWindow: .zero,
        policies: [
            Policy(.pods, 4, period: .seconds(15)), Policy(.percent, 100, period: .seconds(15)),
        ])
    /// Kubernetes' defaults: to whatever was wanted most within 300 s.
    package static let down = HorizontalRules(
        stabilizationWindow: .seconds(300), policies: [Policy(.percent, 100, period: .seconds(15))])
}

extension HorizontalRules {
    /// The most replicas that the rules allow, going up.
    ///
    /// - Parameter start: how many there were at the start of a period of that length.
    func ceiling(current: Int, start: (Duration) -> Int) -> Int {
        limit(current, start) { policy, start in
            switch policy.unit {
            case .pods: start + policy.value
            case .percent: Int(clamped: (Double(start) * (1 + Double(policy.value) / 100)).rounded(.up))
            }
        } best: {
            selection == .max ? $0.max() : $0.min()
        }
    }

    /// The least replicas that the rules allow, going down.
    func floor(current: Int, start: (Duration) -> Int) -> Int {
        limit(current, start) { policy, start in
            switch policy.unit {
            case .pods: start - policy.value
            case .percent: Int(clamped: (Double(start) * (1 - Double(policy.value) / 100)).rounded(.towardZero))
            }
        } best: {
            selection == .max ? $0.min() : $0.max()
        }
    }

    private func limit(
        _ current: Int, _ start: (Duration) -> Int, _ bound: (Policy, Int) -> Int, best: ([Int]) -> Int?
    ) -> Int {
        guard selection != .disabled else { return current }
        return best(policies.map { bound($0, start($0.period)) }) ?? current
    }
}
