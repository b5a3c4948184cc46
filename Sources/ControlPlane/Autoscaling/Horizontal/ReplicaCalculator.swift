/// How many replicas a metric asks for: Kubernetes' algorithm of the HorizontalPodAutoscaler
/// (https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/#algorithm-details).
///
/// The wish is the current number times the ratio of what is measured to what is aimed at. Pods that are not ready, and
/// pods without a measurement, may only dampen the change: going up they count as using nothing, going down those without
/// a measurement count as using all that is aimed at.
package struct ReplicaCalculator: Sendable {
    /// What is known of one pod.
    package struct Sample: Sendable, Hashable {
        /// In the metric's unit; `nil` where nothing was measured.
        package var usage: Double?
        /// What the pod asks for, in the same unit; `nil` where it does not say.
        package var request: Double?
        /// It starts, or has never been ready: what it uses says nothing of the load.
        package var isUnready: Bool

        package init(usage: Double?, request: Double?, isUnready: Bool = false) {
            self.usage = usage
            self.request = request
            self.isUnready = isUnready
        }
    }

    package enum Target: Sendable, Hashable {
        /// Percent of what the pods request.
        case utilization(Int)
        /// The average of all pods, in the metric's unit.
        case averageValue(Double)
    }

    package struct Proposal: Sendable, Hashable {
        package var replicas: Int
        /// Percent of what the pods request; `nil` for an average value.
        package var utilization: Int?
        /// The average of the pods that were measured, in the metric's unit.
        package var averageValue: Double
    }

    package enum Failure: Error, Sendable, Hashable {
        /// Nothing was measured of any pod that counts.
        case noMeasurements
        /// A pod does not say what it requests, so that there are no percents of it.
        case missingRequest
    }

    package var target: Target
    /// By how much the ratio may be off before anything is done: 0.1.
    package var toleranceUp: Double
    package var toleranceDown: Double

    package init(target: Target, toleranceUp: Double = 0.1, toleranceDown: Double = 0.1) {
        self.target = target
        self.toleranceUp = toleranceUp
        self.toleranceDown = toleranceDown
    }

    package func propose(current: Int, samples: [Sample]) throws(Failure) -> Proposal {
        let counted = samples.filter { $0.usage != nil && !$0.isUnready }
        guard !counted.isEmpty else { throw .noMeasurements }
        if case .utilization = target, samples.contains(where: { ($0.request ?? 0) <= 0 }) { throw .missingRequest }
        let ratio = ratio(of: counted)
        let average = counted.reduce(0) { $0 + ($1.usage ?? 0) } / Double(counted.count)
        func proposal(_ replicas: Int) -> Proposal {
            Proposal(replicas: replicas, utilization: utilization(of: counted), averageValue: average)
        }
        let unready = samples.filter(\.isUnready)
        let missing = samples.filter { $0.usage == nil && !$0.isUnready }
        let dampens = !missing.isEmpty || (!unready.isEmpty && ratio > 1)
        guard dampens else {
            return proposal(isTolerable(ratio) ? current : Self.up(ratio * Double(counted.count)))
        }
        var all = counted + missing.map { filled($0, ratio: ratio) }
        if ratio > 1 { all += unready.map { Sample(usage: 0, request: $0.request) } }
        let dampened = self.ratio(of: all)
        let hasTurned = (ratio < 1 && dampened > 1) || (ratio > 1 && dampened < 1)
        if isTolerable(dampened) || hasTurned { return proposal(current) }
        let replicas = Self.up(dampened * Double(all.count))
        let isWrongWay = (dampened < 1 && replicas > current) || (dampened > 1 && replicas < current)
        return proposal(isWrongWay ? current : replicas)
    }

    /// A pod without a measurement, as the direction of the change has it.
    private func filled(_ sample: Sample, ratio: Double) -> Sample {
        var sample = sample
        switch target {
        case _ where ratio > 1: sample.usage = 0
        case .utilization(let percent): sample.usage = (sample.request ?? 0) * Double(max(100, percent)) / 100
        case .averageValue(let value): sample.usage = value
        }
        return sample
    }

    private func ratio(of samples: [Sample]) -> Double {
        switch target {
        case .utilization(let percent): Double(utilization(of: samples) ?? 0) / Double(max(1, percent))
        case .averageValue(let value):
            samples.reduce(0) { $0 + ($1.usage ?? 0) } / Double(samples.count) / max(value, 1e-9)
        }
    }

    /// Whole percents, as Kubernetes counts.
    private func utilization(of samples: [Sample]) -> Int? {
        guard case .utilization = target else { return nil }
        let requests = samples.reduce(0) { $0 + ($1.request ?? 0) }
        let usage = samples.reduce(0) { $0 + ($1.usage ?? 0) }
        return Int(clamped: (usage * 100 / max(requests, 1e-9)).rounded(.down))
    }

    private func isTolerable(_ ratio: Double) -> Bool { ratio >= 1 - toleranceDown && ratio <= 1 + toleranceUp }

    /// Rounded up; what is a whole number but for the last digits of a fraction stays.
    private static func up(_ value: Double) -> Int { Int(clamped: (value - 1e-9).rounded(.up)) }
}
