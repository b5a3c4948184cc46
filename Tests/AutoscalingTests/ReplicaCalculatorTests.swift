import Testing

@testable import Autoscaling

/// Kubernetes' documented algorithm: desired = ceil(current x measured / target), within a tolerance of 0.1.
@Suite("A HorizontalPodAutoscaler's metric")
struct ReplicaCalculatorTests {
    private typealias Sample = ReplicaCalculator.Sample

    private static func percent(_ target: Int, _ samples: [Sample], current: Int? = nil) throws -> Int {
        try ReplicaCalculator(target: .utilization(target)).propose(
            current: current ?? samples.count, samples: samples
        ).replicas
    }

    @Test(
        "asks for as many replicas as bring the average to the target",
        arguments: [
            ([200.0, 200], 50, 8), ([100, 100], 50, 4), ([50, 50], 100, 1), ([54, 54], 50, 2), ([56, 56], 50, 3),
            ([46, 46], 50, 2), ([44, 44], 50, 2), ([20, 20, 20], 50, 2), ([0, 0, 0], 50, 0), ([300], 80, 4),
        ])
    func utilization(usages: [Double], target: Int, expected: Int) throws {
        #expect(try Self.percent(target, usages.map { Sample(usage: $0, request: 100) }) == expected)
    }

    @Test("says how much is used")
    func status() throws {
        let samples = [Sample(usage: 90, request: 100), Sample(usage: 31, request: 100)]
        let proposal = try ReplicaCalculator(target: .utilization(50)).propose(current: 2, samples: samples)
        #expect(proposal == ReplicaCalculator.Proposal(replicas: 3, utilization: 60, averageValue: 60.5))
    }

    @Test("pods that are not ready count as idle going up, and not at all going down")
    func unready() throws {
        let busy = [Sample(usage: 200, request: 100), Sample(usage: 0, request: 100, isUnready: true)]
        #expect(try Self.percent(50, busy) == 4)
        let many =
            [Sample(usage: 120, request: 100)] + (0..<3).map { _ in Sample(usage: 0, request: 100, isUnready: true) }
        // 120 % over one is 30 % over four: the direction would turn, so nothing is done.
        #expect(try Self.percent(100, many) == 4)
        let idle = [Sample(usage: 10, request: 100), Sample(usage: 0, request: 100, isUnready: true)]
        #expect(try Self.percent(50, idle) == 1)
    }

    @Test("pods without a measurement count as idle going up, and as fully used going down")
    func missing() throws {
        let up = [Sample(usage: 300, request: 100), Sample(usage: nil, request: 100)]
        #expect(try Self.percent(50, up) == 6)
        let down = [Sample(usage: 10, request: 100), Sample(usage: nil, request: 100)]
        #expect(try Self.percent(80, down) == 2)
        #expect(try Self.percent(80, down + [Sample(usage: 10, request: 100), Sample(usage: 10, request: 100)]) == 2)
    }

    @Test("an average value needs no request")
    func averageValue() throws {
        let calculator = ReplicaCalculator(target: .averageValue(100))
        let samples = [Sample(usage: 250, request: nil), Sample(usage: 250, request: nil)]
        let proposal = try calculator.propose(current: 2, samples: samples)
        #expect(proposal == ReplicaCalculator.Proposal(replicas: 5, utilization: nil, averageValue: 250))
    }

    @Test("without a measurement, or percents of nothing, it fails")
    func failures() {
        #expect(throws: ReplicaCalculator.Failure.noMeasurements) {
            try Self.percent(50, [Sample(usage: nil, request: 100)])
        }
        #expect(throws: ReplicaCalculator.Failure.noMeasurements) { try Self.percent(50, []) }
        #expect(throws: ReplicaCalculator.Failure.missingRequest) {
            try Self.percent(50, [Sample(usage: 10, request: 100), Sample(usage: 10, request: nil)])
        }
    }

    @Test(
        "the tolerance may differ by direction",
        arguments: [(0.5, 0.1, 140.0, 1), (0.1, 0.1, 140, 2), (0.1, 0.5, 60, 1)])
    func tolerance(up: Double, down: Double, usage: Double, expected: Int) throws {
        let calculator = ReplicaCalculator(target: .utilization(100), toleranceUp: up, toleranceDown: down)
        let replicas = try calculator.propose(current: 1, samples: [Sample(usage: usage, request: 100)]).replicas
        #expect(replicas == expected)
    }
}
